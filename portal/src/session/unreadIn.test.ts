import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Chart, ChartRecord } from '../../../src/client/index.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { unreadIn } from './unreadIn.ts';

const erased = new MedsealError('RECORD_ERASED', { category: 'allergies' });
const record = { category: 'allergies', record: '0x01', version: 1 } as unknown as ChartRecord;
const state = { left: [], large: [], failures: [{ record, error: erased }] };

function chartThat(openerFor: () => never): Pick<Chart, 'grant' | 'openerFor'> {
  return { openerFor };
}

describe('the banner of a patient', () => {
  // @attack a node says falsely that an allergy was erased, so that the banner shows none | only what the chart's evidence shows counts as erased
  it('says that allergies are missing if a node alone says that one was erased', () => {
    const open = { openerFor: () => ({ fileKey: new Uint8Array() }) } as unknown as Chart;
    assert.equal(unreadIn(['allergies'], state, open), 'chart.banner-partly');
    const pending = chartThat(() => {
      throw new MedsealError('KEY_PENDING', {});
    });
    assert.equal(unreadIn(['allergies'], state, pending), 'chart.banner-partly');
  });

  it('misses none that the chart shows as erased', () => {
    const gone = chartThat(() => {
      throw erased;
    });
    assert.equal(unreadIn(['allergies'], state, gone), undefined);
  });
});
