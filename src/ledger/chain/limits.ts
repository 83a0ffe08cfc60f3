/** Gas that a block can use: some ten thousand grants. One transaction can use at most 2^24 of it (EIP-7825). */
export const GAS_LIMIT = 1_000_000_000;

/** Gas of one transaction at most (EIP-7825). */
export const TRANSACTION_GAS_LIMIT = 2 ** 24;

/** Transactions in a block at most, so that none waits long for its neighbours. */
export const MAX_TRANSACTIONS = 256;
