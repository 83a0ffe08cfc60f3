import { dirname, resolve } from 'node:path';
import { openOrganisationFolder } from '../../folder/OrganisationFolder.ts';
import { lockFolder } from '../../folder/lockFolder.ts';
import { parseGatewayConfiguration } from '../../sensors/GatewayConfiguration.ts';
import type { Address } from '../../protocol/ids.ts';
import { formatDeviceCode } from '../../protocol/sensors/deviceCode.ts';
import { shortCodeOf } from '../../protocol/sensors/shortCodeOf.ts';
import { startSensorGateway } from '../../sensors/startSensorGateway.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { untilStopped } from '../program/untilStopped.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { GATEWAY_RUN } from './gatewayAnswers.ts';
import { readDoors } from './readDoors.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { GATEWAY_SENSORS } from './gatewayOptions.ts';

/** Devices without a right that are shown as they come, so that strangers cannot flood the terminal, and at the end. */
const [SHOWN, LISTED] = [50, 100];

/**
 * Runs a gateway of sensors until it is asked to stop.
 *
 * @throws MedsealError `CONFIGURATION_INVALID`, `FOLDER_LOCKED`, `PEER_UNREACHABLE`, `PORT_IN_USE`; `FOLDER_UNWRITABLE`
 * once the spool takes nothing more.
 */
export async function gatewayVerb(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof GATEWAY_SENSORS>,
): Promise<AnswerOf<typeof GATEWAY_RUN>> {
  const { config } = options;
  const text = await readGivenText(config, { argument: '--config' });
  const configuration = parseGatewayConfiguration(jsonOf(text), config);
  const folder = dirname(resolve(config));
  const { party } = await openVisitor(terminal, options);
  const spool = await openOrganisationFolder(resolve(folder, configuration.spool));
  const unlock = await lockFolder(spool.files);
  const database = await spool.database('readings');
  const counts = { entered: 0, refused: 0 };
  let shown = 0;
  const codeOf = (device: Address): string => shortCodeOf(party.primitives, device);
  try {
    const stopped = untilStopped();
    const clientId = `medseal-${party.address}`;
    const doors = await readDoors({ configuration, folder, source: config, clientId });
    const gateway = await startSensorGateway(party, database, doors, {
      ended(device, _digest, end) {
        counts[end.state] += 1;
        if (end.state === 'refused') terminal.note(`${device}: a batch was refused: ${end.code}`);
      },
      bound: (device) => terminal.note(`${codeOf(device)} is bound (${device})`),
      unbound(hello) {
        shown += 1;
        if (shown > SHOWN) return;
        const { device, model, serial } = hello;
        const code = formatDeviceCode({ address: device, model, serial });
        terminal.note(`${codeOf(device)} waits until a patient binds it: ${code}`);
        if (shown === SHOWN)
          terminal.note('Further devices that wait are listed at the end alone.');
      },
      delayed: (error) => terminal.note(`Readings wait: ${error.message}`),
    });
    for (const door of gateway.doors) terminal.note(`Devices reach the gateway at ${door}`);
    const failure = await Promise.race([stopped.then(() => undefined), gateway.broken]);
    await gateway.stop();
    if (failure !== undefined) throw failure;
    const unbound = gateway
      .unbound()
      .slice(-LISTED)
      .map((hello) => ({
        device: hello.device,
        shortCode: codeOf(hello.device),
        model: hello.model,
        serial: hello.serial,
      }));
    const value = { ...counts, waiting: gateway.waiting(), unbound };
    const { entered, refused, waiting } = value;
    const line = `${entered} batches are on the log, ${refused} were refused, ${waiting} wait for the next start`;
    const waits = unbound.map(
      ({ device, shortCode, model }) => `${shortCode} was not bound: ${device} ${model}`,
    );
    return { value, lines: [line, ...waits] };
  } finally {
    await database.close();
    await unlock();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
