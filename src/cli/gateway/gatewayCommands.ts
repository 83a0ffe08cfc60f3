import type { Command } from 'commander';
import { visitor } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { GATEWAY_SENSORS } from './gatewayOptions.ts';

/**
 * Adds the commands about gateways: `gateway …`.
 *
 * @param program - The command line.
 */
export function addGatewayCommands(program: Command): void {
  const gateway = addNoun(program, 'gateway', 'bring what devices sign to charts');
  addVerb(gateway, {
    name: 'sensors',
    about: 'take readings from sensors over MQTT and HTTP, and put them on charts',
    options: GATEWAY_SENSORS,
    shared: visitor(),
    notes: `It runs until Ctrl-C. The key that signs is that of the gateway's party; patients bind their devices to it. A batch
that a device was told to be stored is on disk, and goes on at the next start.`,
    examples: ['gateway sensors --config gateway.json --as gateway'],
    interrupted: 'Batches that were stored are on disk. Run it again: it goes on.',
    runsOn: true,
    gives: async () => (await import('./gatewayAnswers.ts')).GATEWAY_RUN,
    load: async () => (await import('./gatewayVerb.ts')).gatewayVerb,
  });
}
