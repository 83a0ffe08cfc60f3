import { globSync } from 'node:fs';
import { defineConfig } from 'hardhat/config';
import { compiler } from './contracts/compiler.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 1000);

// Tests are compiled for speed of compiling; what they test, they take as it is compiled for release.
const forTests = { ...compiler, settings: { evmVersion: compiler.settings.evmVersion } };
const tests = globSync('contracts/**/*.t.sol', { cwd: import.meta.dirname });

export default defineConfig({
  paths: {
    sources: 'contracts',
    tests: { solidity: 'contracts' },
    artifacts: '.cache/contracts/artifacts',
    cache: '.cache/contracts/cache',
  },
  solidity: {
    compilers: [compiler],
    overrides: Object.fromEntries(tests.map((file) => [file, forTests])),
  },
  networks: { ledger: { type: 'edr-simulated', chainId: 7_333, hardfork: 'cancun' } },
  test: {
    solidity: {
      fuzz: { runs },
      invariant: { runs: Math.ceil(runs / 20), depth: 50, failOnRevert: true },
    },
  },
});
