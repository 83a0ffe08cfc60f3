/** Bytes in hexadecimal, lower case, with the prefix `0x`. */
export type Hex = `0x${string}`;

/**
 * A party: the 20-byte Ethereum address of the key it was enrolled with. It stays when the key changes;
 * lower case, without EIP-55 capitals.
 */
export type Address = Hex;

/** 32 bytes in hexadecimal. */
export type Bytes32 = Hex;

/** A patient as the ledger knows them in one channel: a salted commitment to the issued patient ID, 32 bytes. */
export type Handle = Bytes32;

/** A record's identity, 32 random bytes; its versions share it. */
export type RecordId = Bytes32;

/** An organisation's short name: 1 to 31 of `a-z`, `0-9` and `-`. */
export type Organisation = string;

/** A log's short name within its network: `channel/organisation`. */
export type LogName = string;

/** 32 zero bytes: "none" wherever a `bytes32` is optional. */
export const ZERO32: Bytes32 = `0x${'00'.repeat(32)}`;
/** The address that is nobody's. */
export const ZERO_ADDRESS: Address = `0x${'00'.repeat(20)}`;
