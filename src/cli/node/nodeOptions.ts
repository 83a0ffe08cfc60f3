import { option } from '../program/VerbOption.ts';

/** The node's folder. */
export function data() {
  return option('--data <folder>', 'use this folder of the node')
    .env('MEDSEAL_DATA')
    .default('.medseal');
}

/** Options of verbs that take the node's folder alone. */
export const NODE = [data()];
