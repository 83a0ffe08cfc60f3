import type { Fragment } from '../src/node/configuration/Fragment.ts';
import { environmentName, settings, type Setting } from '../src/node/configuration/settings.ts';

/** `docs/reference/configuration.md`, written from the table of settings. */
export function configurationPage(): string {
  const rows = settings.map(
    (setting) =>
      `| \`${setting.key}\` | ${setting.about} | ${takes(setting)} | ${otherwise(setting)} | \`${environmentName(setting.key)}\` |`,
  );
  return [
    '# Configuration',
    '',
    'This page is generated from `src/node/configuration/settings.ts`.',
    '',
    'A node reads its configuration from `medseal.json` in its folder, or from the file that `--config` or',
    '`MEDSEAL_CONFIG` names. An environment variable overrides the file, and `--set key=value` on the command line',
    'overrides both. `medseal up --check` checks the configuration and starts nothing. `medseal up --schema` prints its',
    'JSON Schema, which is also [here](medseal.schema.json), so that editors complete and check the file:',
    '',
    '```json',
    JSON.stringify(
      {
        $schema: './medseal.schema.json',
        listen: { port: 8480, names: ['medseal.hospital.example'] },
        peers: { urls: { laboratory: 'https://medseal.laboratory.example' } },
      },
      null,
      2,
    ),
    '```',
    '',
    'In the environment and on the command line a list is written with commas, and addresses by name as',
    '`laboratory=https://…,insurer=https://…`. Unknown settings are refused; the error names the key.',
    '',
    'Three values are not settings, because they locate the settings or are secret: the folder (`--data`,',
    '`MEDSEAL_DATA`), the file (`--config`, `MEDSEAL_CONFIG`), and the file with the passphrase of the keys',
    '(`--passphrase-file`, `MEDSEAL_PASSPHRASE_FILE`, or the systemd credential `medseal.passphrase`).',
    '',
    '| setting | meaning | takes | default | environment variable |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function takes({ fragment, like }: Setting): string {
  const example = like === undefined ? '' : ` such as \`${like}\``;
  return describe(fragment) + example;
}

function describe(fragment: Fragment): string {
  if ('enum' in fragment) return fragment.enum.map((word) => `\`${word}\``).join(', ');
  switch (fragment.type) {
    case 'integer':
      return `${fragment.minimum} to ${fragment.maximum}`;
    case 'string':
      return 'a text';
    case 'array':
      return `up to ${fragment.maxItems} texts`;
    case 'object':
      return 'a text for each organisation';
  }
}

function otherwise({ otherwise: value }: Setting): string {
  return value === undefined ? 'none' : `\`${JSON.stringify(value)}\``;
}
