/** How the contracts are compiled: one set of settings for the tests (Hardhat) and for the committed artefacts. */
export const compiler = {
  version: '0.8.37',
  path: `${import.meta.dirname}/../node_modules/solc/soljson.js`,
  settings: {
    evmVersion: 'cancun',
    viaIR: true,
    optimizer: { enabled: true, runs: 10_000 },
    // Without metadata the same source gives the same bytes on every machine.
    outputSelection: { '*': { '*': ['storageLayout'] } },
    metadata: { bytecodeHash: 'none', appendCBOR: false },
  },
} as const;
