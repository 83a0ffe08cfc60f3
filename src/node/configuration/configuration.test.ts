import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Configuration } from './Configuration.ts';
import { configurationSchema } from './configurationSchema.ts';
import type { Fragment } from './Fragment.ts';
import { parseConfiguration } from './parseConfiguration.ts';
import { readConfiguration } from './readConfiguration.ts';
import { environmentName, settings, type Setting } from './settings.ts';

const validate = new Ajv2020({ strict: true }).compile(configurationSchema());

/** Values that a setting takes, and values that it does not. */
function samples(fragment: Fragment, like = ''): { good: unknown[]; bad: unknown[] } {
  const never = [null, true, 1.5, Number.MAX_SAFE_INTEGER, {}, ['']];
  if ('enum' in fragment) {
    return {
      good: [...fragment.enum],
      bad: [...never, '', 'other', fragment.enum[0]?.toUpperCase()],
    };
  }
  switch (fragment.type) {
    case 'integer': {
      const { minimum, maximum } = fragment;
      const good = [minimum, maximum, Math.floor((minimum + maximum) / 2)];
      return { good, bad: [...never, minimum - 1, maximum + 1, String(minimum), minimum + 0.5] };
    }
    case 'string':
      return {
        good: [like],
        bad: [...never, '', ' ', `${like} `, `${like}\n`, 'x'.repeat(1000), '/'],
      };
    case 'array': {
      const inner = samples(fragment.items, like);
      const many = Array.from({ length: fragment.maxItems + 1 }, () => inner.good[0]);
      const bad = [null, true, 1, 'x', {}, many, ...inner.bad.map((item) => [item])];
      return { good: [[], inner.good, many.slice(1)], bad };
    }
    case 'object': {
      const inner = samples(fragment.additionalProperties, like);
      const [value] = inner.good;
      return {
        good: [{}, { laboratory: value }, { a: value, 'b-2': value }],
        bad: [
          null,
          [],
          'x',
          { '': value },
          { Laboratory: value },
          { '../x': value },
          ...inner.bad.map((item) => ({ laboratory: item })),
        ],
      };
    }
  }
}

function fileWith({ key }: Pick<Setting, 'key'>, value: unknown): object {
  const [group = '', name = ''] = key.split('.');
  return { [group]: { [name]: value } };
}

function valueIn(configuration: Configuration, key: string): unknown {
  const [group = '', name = ''] = key.split('.');
  return (configuration as unknown as Record<string, Record<string, unknown>>)[group]?.[name];
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name}=${inner}`)
    .join(',');
}

describe('each setting', () => {
  for (const setting of settings) {
    const { key, fragment, like, otherwise } = setting;
    const { good, bad } = samples(fragment, like);

    it(`${key} is taken, or refused, by parser and schema alike`, () => {
      for (const value of good) {
        const file = { name: 'medseal.json', value: fileWith(setting, value) };
        assert.ok(validate(file.value), `${key}: ${JSON.stringify(value)}`);
        assert.deepEqual(valueIn(parseConfiguration({ file }), key), value);
      }
      for (const value of bad) {
        const file = { name: 'medseal.json', value: fileWith(setting, value) };
        assert.equal(validate(file.value), false, `${key}: ${JSON.stringify(value)}`);
        const refused = failsWith('CONFIGURATION_INVALID', { key, source: 'medseal.json' });
        assert.throws(() => parseConfiguration({ file }), refused);
      }
    });

    it(`${key} is taken from the environment and the command line, each above the one before`, () => {
      const [first, ...rest] = good;
      const other = rest.at(-1) ?? first;
      const file = { name: 'medseal.json', value: fileWith(setting, first) };
      const environment = { [environmentName(key)]: textOf(other) };
      // An empty list or object can be written in a file alone: nothing takes a variable back.
      const expected = textOf(other) === '' ? first : other;
      assert.deepEqual(valueIn(parseConfiguration({ file, environment }), key), expected);
      const line = new Map([[key, textOf(first)]]);
      assert.deepEqual(valueIn(parseConfiguration({ file, environment, line }), key), first);
    });

    it(`${key} names the source of a wrong text`, () => {
      const wrong = 'enum' in fragment || fragment.type !== 'object' ? ' !' : '?=?';
      const environment = { [environmentName(key)]: wrong };
      const source = environmentName(key);
      const inEnvironment = failsWith('CONFIGURATION_INVALID', { key, source });
      assert.throws(() => parseConfiguration({ environment }), inEnvironment);
      const line = new Map([[key, wrong]]);
      const onLine = failsWith('CONFIGURATION_INVALID', { key, source: 'the command line' });
      assert.throws(() => parseConfiguration({ line }), onLine);
    });

    it(`${key} falls back to what is documented`, () => {
      assert.deepEqual(valueIn(parseConfiguration({}), key), otherwise);
      if (otherwise !== undefined) assert.ok(validate(fileWith(setting, otherwise)));
    });
  }
});

describe('a configuration', () => {
  it('has a name of its own in the environment for each setting', () => {
    const names = settings.map(({ key }) => environmentName(key));
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('MEDSEAL_CHECKPOINTS_MAX_ENTRIES'));
    for (const name of names) assert.match(name, /^MEDSEAL_[A-Z][A-Z0-9]*(?:_[A-Z]+)+$/);
  });

  it('is refused for what is not a setting, by parser and schema alike', () => {
    for (const [value, key] of [
      [{ listen: { prot: 1 } }, 'listen.prot'],
      [{ listening: {} }, 'listening'],
      [{ __proto__: null, constructor: {} }, 'constructor'],
      [{ listen: 8480 }, 'listen'],
      [{ listen: [] }, 'listen'],
      [[], 'the whole'],
      [null, 'the whole'],
      ['x', 'the whole'],
    ] as const) {
      assert.equal(validate(value), false);
      const refused = failsWith('CONFIGURATION_INVALID', { key, source: 'a file' });
      assert.throws(() => parseConfiguration({ file: { name: 'a file', value } }), refused);
    }
    const line = new Map([['listen.prot', '1']]);
    const refused = failsWith('CONFIGURATION_INVALID', { key: 'listen.prot' });
    assert.throws(() => parseConfiguration({ line }), refused);
  });

  it('may name its schema', () => {
    const value = { $schema: 'medseal.schema.json', log: { level: 'warn' } };
    assert.ok(validate(value));
    assert.equal(parseConfiguration({ file: { name: '', value } }).log.level, 'warn');
  });

  it('takes no notice of other variables, nor of one that is set to nothing', () => {
    const environment = { MEDSEAL_LISTEN_PORT: '', MEDSEAL_HOME: 'x', PATH: '/bin' };
    assert.deepEqual(parseConfiguration({ environment }), parseConfiguration({}));
  });

  it('is read from the folder, or from the file that is named', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-configuration-'));
    t.after(async () => await rm(folder, { recursive: true }));
    assert.deepEqual(await readConfiguration({ folder }), parseConfiguration({}));
    await writeFile(join(folder, 'medseal.json'), '{"listen":{"port":1}}');
    assert.equal((await readConfiguration({ folder })).listen.port, 1);
    const file = join(folder, 'other.json');
    await writeFile(file, '{"listen":{"port":2}}');
    assert.equal((await readConfiguration({ folder, file })).listen.port, 2);
    await writeFile(file, '{"listen":{"port":');
    const invalid = { key: 'the whole', source: file };
    const refused = failsWith('CONFIGURATION_INVALID', invalid);
    await assert.rejects(readConfiguration({ folder, file }), refused);
    await assert.rejects(readConfiguration({ folder, file: join(folder, 'none') }), (error) =>
      isMedsealError(error, 'CONFIGURATION_INVALID'),
    );
  });
});
