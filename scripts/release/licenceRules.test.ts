import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameLicences, rankLicence } from './licenceRules.ts';

const MIT = 'MIT License\n\nPermission is hereby granted, free of charge, to any person';
const GPL = '   GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007\n';
const LESSER = `   GNU LESSER GENERAL PUBLIC LICENSE
   Version 3, 29 June 2007
  This version incorporates the terms and conditions of version 3 of the GNU General Public
License, supplemented by the additional permissions listed below.`;
const AFFERO = '  GNU AFFERO GENERAL PUBLIC LICENSE\n  Version 3, 19 November 2007\n';

function named(...texts: readonly string[]): string | undefined {
  return nameLicences(new Map(texts.map((text, at) => [`${at}`, text])));
}

describe('the rank of a licence', () => {
  for (const [expression, rank] of [
    ['MIT', 'plain'],
    ['(MIT OR GPL-3.0-only)', 'plain'],
    ['MIT AND MPL-2.0', 'named'],
    ['LGPL-3.0-only', 'named'],
    ['MIT AND GPL-3.0-only', 'refused'],
    ['(MIT AND (GPL-2.0-only OR AGPL-3.0-only))', 'refused'],
    ['GPL-3.0-only', 'refused'],
    ['AGPL-3.0-or-later', 'refused'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', 'refused'],
    ['MIT WITH something', 'refused'],
    ['SEE LICENSE IN LICENSE', 'refused'],
    ['UNLICENSED', 'refused'],
    ['(MIT', 'refused'],
    ['MIT OR', 'refused'],
    ['MIT AND', 'refused'],
    ['', 'refused'],
  ] as const) {
    it(`of “${expression}” is ${rank}`, () => {
      assert.equal(rankLicence(expression), rank);
    });
  }
});

describe('the licences that texts show', () => {
  it('are told by their words', () => {
    assert.equal(named(MIT), 'MIT');
    assert.equal(named('Apache License\n   Version 2.0, January 2004'), 'Apache-2.0');
    const bsd = 'Redistribution and use in source and binary forms, with or without';
    assert.equal(named(bsd), 'BSD-2-Clause');
    assert.equal(named(`${bsd}\nNeither the name of the author`), 'BSD-3-Clause');
  });

  it('are all of them, if there are several', () => {
    assert.equal(rankLicence(named(MIT, GPL) ?? ''), 'refused');
    assert.equal(rankLicence(named(`${MIT}\n\n${AFFERO}`) ?? ''), 'refused');
  });

  it('are the lesser one alone where the GPL lies beside it, and refused where it does not', () => {
    assert.equal(named(GPL, LESSER), 'LGPL-3.0-only');
    assert.equal(named(LESSER), 'LGPL-3.0-only');
    assert.equal(rankLicence(named(GPL) ?? ''), 'refused');
    assert.equal(rankLicence(named(GPL, LESSER, AFFERO) ?? ''), 'refused');
  });

  it('are those that a text states in SPDX', () => {
    assert.equal(
      named('<!--- SPDX-License-Identifier: Apache-2.0 OR MIT -->'),
      '(Apache-2.0 OR MIT)',
    );
    const stated = named('SPDX-License-Identifier: GPL-2.0-only');
    assert.equal(rankLicence(stated ?? ''), 'refused');
  });

  it('are unknown in another text', () => {
    assert.equal(named('All rights reserved.'), undefined);
  });
});
