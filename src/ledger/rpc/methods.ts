import { blockMethods } from './blockMethods.ts';
import { callMethods } from './callMethods.ts';
import { chainMethods } from './chainMethods.ts';
import { feeMethods } from './feeMethods.ts';
import type { Method } from './LedgerContext.ts';
import { logMethods } from './logMethods.ts';
import { proofMethods } from './proofMethods.ts';
import { sendMethods } from './sendMethods.ts';
import { stateMethods } from './stateMethods.ts';
import { transactionMethods } from './transactionMethods.ts';

/** Every method of the embedded engine (Ethereum JSON-RPC specification). */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...chainMethods,
    ...blockMethods,
    ...transactionMethods,
    ...sendMethods,
    ...stateMethods,
    ...callMethods,
    ...feeMethods,
    ...logMethods,
    ...proofMethods,
  }),
);
