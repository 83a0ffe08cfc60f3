import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { ADDRESS } from '../../protocol/wire/findShapeError.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';

const ACCOUNT = { organisation: /^[a-z0-9-]{1,31}$/, account: ADDRESS } as const;

/** An account whose transactions the ledger is to take, for another channel. */
export type AdmittedAccount = Of<typeof ACCOUNT>;

/**
 * Admits an account to the ledger, as far as one member of the authority does: once its quorum has, a node has the
 * Registry enrol it.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param admitted - The account, and the organisation that it sends for.
 */
export async function admitAccount(files: Files, admitted: AdmittedAccount): Promise<void> {
  const { organisation, account } = admitted;
  await writeJsonFile(files, nameOf(account), { organisation, account });
}

/**
 * Lists the accounts that a member of the authority admitted.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @throws MedsealError `FOLDER_FOREIGN` if one was altered.
 */
export async function admittedAccounts(files: Files): Promise<readonly AdmittedAccount[]> {
  const accounts: AdmittedAccount[] = [];
  for (const name of (await files.list('admitted')).toSorted()) {
    const [account] = /^0x[0-9a-f]{40}(?=\.json$)/.exec(name) ?? [];
    const admitted = account && (await readAdmitted(files, account as Address));
    if (admitted) accounts.push(admitted);
  }
  return accounts;
}

/**
 * Tells whether a member of the authority admitted an account for an organisation.
 *
 * @param files - The folder of the organisation's member of the authority.
 * @param account - The account.
 * @param organisation - The organisation that it would send for.
 * @throws MedsealError `FOLDER_FOREIGN` if the admission was altered.
 */
export async function isAdmitted(
  files: Files,
  account: Address,
  organisation: Organisation,
): Promise<boolean> {
  return (await readAdmitted(files, account))?.organisation === organisation;
}

async function readAdmitted(files: Files, account: Address): Promise<AdmittedAccount | undefined> {
  const path = nameOf(account);
  const value = await readJsonFile(files, path);
  if (value === undefined) return undefined;
  if (isOfShape(ACCOUNT, value) && value.account === account) return value;
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${path} was altered` });
}

function nameOf(account: Address): string {
  return `admitted/${account}.json`;
}
