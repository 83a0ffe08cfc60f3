import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { SCREENS } from '../../portal/src/screens/screens.ts';
import { commandPath } from '../../src/cli/program/commandPath.ts';
import { createProgram } from '../../src/cli/createProgram.ts';
import { commandsIn } from '../../src/cli/test/faultOfLine.ts';
import * as client from '../../src/client/index.ts';
import { operations } from '../../src/protocol/operations/operations.ts';
import { FEATURES, type Place } from './features.ts';

const root = new URL('../../', import.meta.url);
const PLACES: readonly Place[] = ['sdk', 'verbs', 'operations', 'screens', 'scenarios'];

/** All that the rows name in a place. */
function named(place: Place): readonly string[] {
  return FEATURES.flatMap((feature) => feature[place]);
}

/** Tells if a name is a row's, or of one of its groups. */
function isCovered(name: string, rows: readonly string[], separator: string): boolean {
  return rows.some((row) => name === row || name.startsWith(`${row}${separator}`));
}

describe('the table of features', () => {
  const verbs = commandsIn(createProgram(process)).map(commandPath).filter(Boolean);
  const screens = SCREENS.map(({ path }) => path);

  it('names what is there', () => {
    const there: Readonly<Record<Place, (name: string) => boolean>> = {
      sdk: (name) => name in client,
      verbs: (name) => verbs.includes(name),
      operations: (name) => name in operations,
      screens: (name) => screens.includes(name),
      scenarios: (name) => existsSync(new URL(`demo/scenario/${name}`, root)),
    };
    const absent = PLACES.flatMap((place) => named(place).filter((name) => !there[place](name)));
    assert.deepEqual(absent, []);
    assert.ok(FEATURES.every(({ page }) => existsSync(new URL(`docs/${page}`, root))));
  });

  it('has a row for each verb, operation and screen', () => {
    const leaves = verbs.filter((verb) => !verbs.some((each) => each.startsWith(`${verb} `)));
    const absent = [
      ...leaves.filter((verb) => !isCovered(verb, named('verbs'), ' ')),
      ...Object.keys(operations).filter((id) => !named('operations').includes(id)),
      ...screens.filter((path) => !isCovered(path, named('screens'), '/')),
    ];
    assert.deepEqual(absent, []);
  });

  it('says why a feature is not in a place', () => {
    const silent = FEATURES.flatMap((feature) =>
      PLACES.filter(
        (place) => (feature[place].length === 0) !== (feature.not?.[place] !== undefined),
      ).map((place) => `${feature.name}: ${place}`),
    );
    assert.deepEqual(silent, []);
  });
});
