/**
 * Every format that Medseal writes, with its number. Code spells a format as `medseal-NAME/NUMBER`; a test holds that each
 * spelling is a row here. A change that an earlier version cannot read, or that cannot be read as the earlier form, gets the
 * next number, and its row says what becomes of files of the number before.
 */

/**
 * Places in which a format is found.
 *
 * - `folder`: in the folder of a node; a new number is a step of `migrations`.
 * - `device`: in a home, a keystore or a browser, of one person.
 * - `deposit`: kept at nodes for a party, sealed or signed.
 * - `log`: bodies in an evidence log; every number is read for ever, since entries commit to it.
 * - `record`: inside sealed files; every number is read for ever.
 * - `file`: handed from one person or organisation to another.
 * - `wire`: an answer or message that nobody keeps.
 * - `hash`: input of a hash, so that a change would be another network.
 */
export type FormatPlace =
  'folder' | 'device' | 'deposit' | 'log' | 'record' | 'file' | 'wire' | 'hash';

/** One format. */
export interface Format {
  /** The number that this version writes. */
  readonly number: number;
  readonly place: FormatPlace;
  /** One line: what it is. */
  readonly about: string;
  /** Earlier numbers that this version knows, and what it does with them. */
  readonly earlier?: string;
}

/** The table, by the name behind `medseal-`. */
export const FORMATS: Readonly<Record<string, Format>> = {
  accounts: { number: 1, place: 'folder', about: 'accounts that a channel of its own admits' },
  answer: { number: 1, place: 'record', about: 'first line of an answer to an objection' },
  audited: { number: 1, place: 'device', about: 'what a patient’s audits proved' },
  'backed-up': { number: 1, place: 'folder', about: 'when the newest backup of a folder was made' },
  backup: {
    number: 2,
    place: 'file',
    about: 'manifest of a backup',
    earlier: '1 had no signatures: it is refused, with a sentence',
  },
  'backups-ended': {
    number: 1,
    place: 'folder',
    about: 'word of an operator that backups from before a moment are gone',
  },
  binding: { number: 1, place: 'wire', about: 'a right of a device, told to it by its gateway' },
  'block-conflict': {
    number: 1,
    place: 'file',
    about: 'proof that coordinators signed two blocks of one height of a ledger',
  },
  body: { number: 1, place: 'log', about: 'body of an entry' },
  ceremony: { number: 1, place: 'hash', about: 'numbers that dealers of a release key agreed on' },
  chain: { number: 1, place: 'file', about: 'successors and evidence that a witness keeps' },
  channels: { number: 1, place: 'folder', about: 'folders of further channels' },
  bill: { number: 1, place: 'file', about: 'what a treatment costs, signed by whoever treated' },
  claim: {
    number: 2,
    place: 'file',
    about: 'a prepared claim that waits for a signature',
    earlier: '1 had no bill that whoever treated signed: it is refused',
  },
  consortium: { number: 1, place: 'hash', about: 'terms from which an engine’s genesis follows' },
  contact: { number: 1, place: 'file', about: 'card by which a party names itself' },
  contacts: { number: 1, place: 'device', about: 'parties that a person confirmed' },
  contracts: { number: 1, place: 'hash', about: 'code of the contracts of a network' },
  deal: {
    number: 1,
    place: 'file',
    about: 'an organisation’s deal of a new network’s release key',
  },
  dealing: {
    number: 2,
    place: 'file',
    about: 'a change of a release key, while deals are collected',
    earlier: '1 dealt keys of another curve: it is refused, with a sentence',
  },
  deals: {
    number: 2,
    place: 'hash',
    about: 'deals of a release key, for the signatures over them',
  },
  dealt: { number: 2, place: 'hash', about: 'a dealer’s values for one receiver' },
  erasure: { number: 1, place: 'file', about: 'certificate that a category was erased' },
  export: { number: 1, place: 'file', about: 'contents of an archive of a chart' },
  'folder-key': { number: 1, place: 'folder', about: 'the folder’s key under its passphrase' },
  fork: { number: 1, place: 'folder', about: 'proof that a network file has two successors' },
  founding: { number: 1, place: 'hash', about: 'terms from which a network’s id follows' },
  held: {
    number: 1,
    place: 'file',
    about: 'deals of a new network’s release key that an organisation holds',
  },
  hello: { number: 1, place: 'wire', about: 'a device that introduces itself to a gateway' },
  history: { number: 1, place: 'file', about: 'all versions of a record, with their evidence' },
  home: { number: 1, place: 'device', about: 'address and pinned network file of a home' },
  identity: { number: 1, place: 'file', about: 'keys by which an organisation founds or joins' },
  kept: { number: 1, place: 'device', about: 'a record that a reader keeps' },
  key: { number: 1, place: 'device', about: 'a party’s seed in a keystore' },
  keyring: {
    number: 2,
    place: 'deposit',
    about: 'the keys of a patient’s epochs, sealed',
    earlier:
      '1 had salts, which gave keys with the phrase: it is read, and stored as 2 with the next change',
  },
  keys: {
    number: 2,
    place: 'wire',
    about: 'facts by which a device learns what to seal to',
    earlier: '1 had no network file',
  },
  'keys-asked': { number: 1, place: 'wire', about: 'question of a device for such facts' },
  ledger: { number: 1, place: 'folder', about: 'database of the embedded ledger' },
  'ledger-fork': {
    number: 1,
    place: 'file',
    about: 'proof that a ledger’s validators signed two blocks',
  },
  letter: { number: 1, place: 'deposit', about: 'a sealed message from a party to another' },
  mandate: {
    number: 1,
    place: 'file',
    about: 'an offer to act for a patient, which the patient gives',
  },
  network: { number: 1, place: 'file', about: 'the network file that everybody pins' },
  nodes: { number: 1, place: 'folder', about: 'addresses of the other organisations’ nodes' },
  origin: { number: 1, place: 'record', about: 'proof of what a patient brought along' },
  packet: { number: 1, place: 'deposit', about: 'epoch identities for a grantee, sealed' },
  part: { number: 1, place: 'record', about: 'one part of a FHIR bundle' },
  patient: { number: 1, place: 'deposit', about: 'state that a patient’s devices share, sealed' },
  pin: {
    number: 2,
    place: 'file',
    about: 'what a device trusts, as the patient gave it',
    earlier: '1 had the whole network file: it is refused, and the patient gives the pin again',
  },
  prescription: {
    number: 1,
    place: 'file',
    about: 'a prescription that waits for a second doctor',
  },
  reading: { number: 1, place: 'file', about: 'proof of one reading of a device' },
  readings: { number: 1, place: 'record', about: 'signed batch of a device’s readings' },
  receipt: { number: 1, place: 'file', about: 'proof that an entry is in a log and on the ledger' },
  recovery: {
    number: 1,
    place: 'file',
    about: 'the recovery of a lost key that members of the authority sign',
  },
  redemption: {
    number: 2,
    place: 'file',
    about: 'units that an issuer is asked to pay out',
    earlier: '1 did not say whose it is: it is refused, with a sentence',
  },
  release: {
    number: 2,
    place: 'file',
    about: 'proof of who released the key of a record',
    earlier: '1 was of release keys of another curve: it is refused, with a sentence',
  },
  rights: { number: 1, place: 'file', about: 'rights and rules in an archive of a chart' },
  restored: { number: 2, place: 'folder', about: 'note that a folder came back from a backup' },
  stores: {
    number: 1,
    place: 'folder',
    about: 'note that the stores of an organisation are, or were, in PostgreSQL',
  },
  seal: { number: 1, place: 'file', about: 'proof of what the content of a sealed file is' },
  shares: { number: 2, place: 'wire', about: 'shares of a record’s key, sealed to its reader' },
  sheet: { number: 1, place: 'deposit', about: 'recipients of an epoch’s categories' },
  'signed-successor': { number: 1, place: 'folder', about: 'the successor that a seat signed' },
  slip: { number: 1, place: 'file', about: 'what a patient shows at a pharmacy' },
  store: { number: 1, place: 'folder', about: 'id of the one folder that changes a store' },
  successor: { number: 1, place: 'file', about: 'a change of the network file, with signatures' },
  successors: { number: 1, place: 'file', about: 'the successors of a network file, in order' },
  summary: { number: 1, place: 'log', about: 'counts of refusals that became no entry' },
  suspension: {
    number: 1,
    place: 'file',
    about: 'a suspension that members of the authority sign',
  },
  terms: {
    number: 1,
    place: 'file',
    about: 'what a network is founded on, while its key is dealt',
  },
  'trusted-block': { number: 1, place: 'folder', about: 'the newest block that a node verified' },
};
