import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { GIVEN, type IdentityFile } from './identityFiles.ts';

/**
 * Refuses a network file that names another address or validator of an organisation than its identity file did, which
 * went through other hands, or a file before it.
 *
 * @param files - The organisation's folder; if its identity file was not written there, no validator is taken for its own.
 * @param organisation - The organisation.
 * @param network - The network file.
 * @param before - A file before it that the organisation took; absent if it joins.
 * @throws MedsealError `NETWORK_FILE_INVALID`.
 */
export async function requireGiven(
  files: Files,
  organisation: Organisation,
  network: NetworkFile,
  before?: NetworkFile,
): Promise<void> {
  const kept = (await readJsonFile(files, GIVEN)) as Partial<IdentityFile> | undefined;
  const given = kept?.organisation === organisation ? kept : undefined;
  const [named, was] = [network, before].map(
    (file) => file && presentNodes(file).find((each) => each.organisation === organisation),
  );
  const hasUrl = given === undefined || [given.url, was?.url].includes(named?.url);
  if (named !== undefined && !hasUrl) throw other(organisation, 'address');
  if (named?.validator === undefined) return;
  const { stake: _stake, ...validator } = named.validator;
  const known = [given?.validator, was?.validator].map(
    (each) => each && canonicalJson({ key: each.key, node: each.node, address: each.address }),
  );
  if (!known.includes(canonicalJson(validator))) throw other(organisation, 'validator');
}

function other(organisation: Organisation, what: string): MedsealError {
  const reason = `it names another ${what} of ${organisation} than its identity file, as this folder wrote it`;
  return new MedsealError('NETWORK_FILE_INVALID', { reason });
}
