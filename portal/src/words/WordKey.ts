import type fhir from './en/fhir.json';
import type start from './en/start.json';

type KeysOf<Room extends string, Words> = `${Room}.${keyof Words & string}`;

/** The key of a message: the name of its English file, and its name there. */
export type WordKey = KeysOf<'fhir', typeof fhir> | KeysOf<'start', typeof start>;
