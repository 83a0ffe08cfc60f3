/**
 * Writes what the compiler makes of the contracts into `src/bindings/generated`, or with `--check` says whether
 * what is committed there is still that.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { artifacts, tasks } from 'hardhat';

const folder = new URL('../src/bindings/generated/', import.meta.url);
const checking = process.argv.includes('--check');
const stale: string[] = [];

await tasks.getTask('build').run({ quiet: true, noTests: true });
await mkdir(folder, { recursive: true });
for (const name of ['Registry', 'Consent', 'Evidence']) {
  const { abi, bytecode } = await artifacts.readArtifact(name);
  const lower = name.toLowerCase();
  const hash = createHash('sha256').update(bytecode).digest('hex');
  await put(
    `${lower}Abi.ts`,
    `/** ABI of the contract \`${name}\`. */\nexport const ${lower}Abi = ${JSON.stringify(withoutSolidityTypes(abi), null, 2)} as const;\n`,
  );
  await put(
    `${lower}Bytecode.ts`,
    `/** Bytecode that creates the contract \`${name}\`. SHA-256 of this text: ${hash}. */\nexport const ${lower}Bytecode: \`0x\${string}\` =\n  '${bytecode}';\n`,
  );
}

if (stale.length > 0) {
  process.stderr.write(
    `Not what the contracts compile to: ${stale.join(', ')}. Run npm run contracts:build.\n`,
  );
  process.exitCode = 1;
}

async function put(file: string, text: string): Promise<void> {
  const url = new URL(file, folder);
  const whole = `// Written by contracts/build.ts.\n${text}`;
  if (!checking) await writeFile(url, whole);
  else if ((await readFile(url, 'utf8').catch(() => '')) !== whole) stale.push(file);
}

/** Drops `internalType`, which only names what Solidity called a type. */
function withoutSolidityTypes(abi: unknown): unknown {
  return JSON.parse(JSON.stringify(abi), (key, value: unknown) =>
    key === 'internalType' ? undefined : value,
  );
}
