import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calledAs, withCommand } from './calledAs.ts';

const clone = (event?: string) => ({
  script: '/home/anna/medseal/src/cli/main.ts',
  environment: { npm_lifecycle_event: event },
});
const project = { script: '/home/anna/app/node_modules/.bin/medseal', environment: {} };
const global = { script: '/usr/local/bin/medseal', environment: {} };

describe('a command that a text names', () => {
  it('is one that exists in the reader’s project', () => {
    assert.equal(calledAs('key new <name>', project), 'npx medseal key new <name>');
    const ofPackage = '/home/anna/app/node_modules/medseal/dist/cli/main.js';
    const byScript = { script: ofPackage, environment: { npm_lifecycle_event: 'start' } };
    assert.equal(calledAs('status', byScript), 'npx medseal status');
    for (const event of ['medseal', 'start']) {
      assert.equal(calledAs('status', clone(event)), 'npm run -s medseal -- status');
    }
    for (const start of [global, clone(), clone('test')]) {
      assert.equal(calledAs('status', start), 'medseal status');
    }
  });

  it('is put into the texts of the catalogue, and nothing else is changed', () => {
    const text = 'Make one with `medseal key new`; `medseal` shares health records.';
    assert.equal(
      withCommand(text, project),
      'Make one with `npx medseal key new`; `medseal` shares health records.',
    );
    assert.equal(withCommand(text, global), text);
  });
});
