import { defineConfig } from 'hardhat/config';
import { compiler } from './contracts/compiler.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 1000);

export default defineConfig({
  paths: {
    sources: 'contracts',
    tests: { solidity: 'contracts' },
    artifacts: 'contracts/.build/artifacts',
    cache: 'contracts/.build/cache',
  },
  solidity: compiler,
  networks: { ledger: { type: 'edr-simulated', chainId: 7_333, hardfork: 'cancun' } },
  test: { solidity: { fuzz: { runs }, invariant: { runs: Math.ceil(runs / 20), depth: 50 } } },
});
