/**
 * Gas that a block can use: some six hundred grants, half a second's work, so that a single request does not wait long
 * behind a flood. One transaction can use at most 2^24 of it (EIP-7825).
 */
export const GAS_LIMIT = 30_000_000;

/** Gas of one transaction at most (EIP-7825). */
export const TRANSACTION_GAS_LIMIT = 2 ** 24;

/** Transactions in a block at most. */
export const MAX_TRANSACTIONS = 256;
