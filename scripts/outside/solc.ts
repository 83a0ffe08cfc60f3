/**
 * The Solidity compiler as a command of its own, `solc --standard-json`: what analysers start. npm's has another way in.
 */
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const solc = createRequire(import.meta.url)('solc') as {
  version(): string;
  compile(input: string): string;
};

if (process.argv.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler\nVersion: ${solc.version()}\n`);
} else {
  process.stdout.write(solc.compile(await text(process.stdin)));
}
