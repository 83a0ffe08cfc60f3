import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { makeLaterKeys } from '../../folder/organisationKeys.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import {
  GIVEN,
  type IdentityFile,
  type IdentityValidator,
} from '../../node/founding/identityFiles.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import { openNodeValidatorKeys } from '../../node/validator/validatorKeys.ts';
import { isNodeUrl } from '../../protocol/wire/isNodeUrl.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { VALIDATOR_ADDRESS } from '../../protocol/network/validatorShapes.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { IDENTITY_WRITTEN } from './changeAnswers.ts';
import { openSeats, successionOf, type SeatOptions, type Seats } from './openSeats.ts';

/** Options of `medseal network identity`. */
export interface IdentityOptions extends SeatOptions {
  readonly organisation?: Organisation;
  readonly newKeys?: boolean;
  readonly url?: string;
  /** Address of its validator. */
  readonly validator?: string;
  readonly exchange: string;
}

/**
 * Writes the identity file of an organisation that is in a network, with other keys of its seats or another address.
 */
export async function writeIdentityVerb(
  terminal: Terminal,
  options: IdentityOptions,
): Promise<AnswerOf<typeof IDENTITY_WRITTEN>> {
  const before = await openSeats(terminal, options);
  const chosen = before.homes.filter(({ organisation }) =>
    [undefined, organisation].includes(options.organisation),
  );
  const [home, another] = chosen;
  if (home === undefined || another !== undefined) {
    const names = before.homes.map((each) => each.organisation).join(', ');
    throw wrong('--organisation', `name one of ${names}`);
  }
  const { organisation, keys } = home;
  const newest = (await successionOf(before)).files.at(-1);
  const own = newest && presentNodes(newest).find((each) => each.organisation === organisation);
  const url = options.url ?? own?.url;
  if (!isNodeUrl(url)) throw wrong('--url', 'give the address at which the others reach the node');
  const { validator: address } = options;
  if (address !== undefined && !VALIDATOR_ADDRESS.test(address)) {
    throw wrong('--validator', 'it must be host:port');
  }
  const validator = await validatorOf(before, organisation, address);
  if (options.newKeys === true) {
    terminal.changing();
    const { path } = before.files;
    const keyPorts = before.keyPortsOf(organisation);
    await makeLaterKeys(await openFolder(`${path}/node/${organisation}`), keyPorts, true);
    await makeLaterKeys(await openFolder(`${path}/authority/${organisation}`), keyPorts, false);
  }
  const { homes } = await openSeats(terminal, options);
  const { later, authorityKey } = homes.find((each) => each.organisation === organisation) ?? home;
  const coordinator = later.node.seats.at(-1) ?? keys.coordinator;
  const sender = later.node.senders.at(-1) ?? keys.sender;
  const tls = later.node.tls.at(-1) ?? keys.tls;
  const note = later.node.notes.at(-1) ?? keys.note;
  const member = later.member.seats.at(-1) ?? authorityKey;
  const isTls = own?.tls !== undefined;
  const newestKeys = { ...keys, coordinator, sender, note, ...(tls && { tls }) };
  const identity: IdentityFile = {
    format: 'medseal-identity/1',
    ...identityOf(organisation, newestKeys, member, isTls),
    url,
    ...(validator && { validator }),
  };
  if (homes.length === 1) await writeJsonFile(before.files, GIVEN, identity);
  const file = resolve(options.exchange, `${organisation}.identity.json`);
  await writeFileWhole(file, `${JSON.stringify(identity, null, 2)}\n`);
  return {
    value: {
      organisation,
      coordinator: coordinator.address,
      authority: member.address,
      sender: sender.address,
      file,
    },
    lines: [`Wrote ${file}. Give it to the organisation that proposes the change.`],
  };
}

/** The validator that it has, or is to have; its keys are made the first time. */
async function validatorOf(
  { files, keyPortsOf }: Seats,
  organisation: Organisation,
  address: string | undefined,
): Promise<IdentityValidator | undefined> {
  if (address === undefined) return undefined;
  const settings = await readConfiguration({ folder: files.path, environment: process.env });
  const { key, node } = await openNodeValidatorKeys(
    files,
    keyPortsOf(organisation),
    settings.validator,
  );
  return { key, node, address };
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
