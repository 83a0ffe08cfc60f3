import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Chart, ChartRecord } from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { ZERO32 } from '../../../../src/protocol/ids.ts';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import { observation } from '../../fhir/test/resources.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import { titleKey } from '../../session/titleKey.ts';
import { kindsOf, recordLines, type RecordLine } from './recordLines.ts';

/** Unix seconds of the beginning of 2026. */
const NEW_YEAR = Date.UTC(2026, 0, 1) / 1000;
const NOTHING = { titles: {}, dates: {} };
const letter = { resourceType: 'DocumentReference', description: 'Letter', date: '2024-05-06' };

function provenance(id: string): unknown {
  return { resourceType: 'Provenance', id, activity: { text: 'Results signed off' } };
}

function record(name: string, more: Partial<ChartRecord> = {}): ChartRecord {
  const usual = { version: 1, about: ZERO32, category: 'other', author: '0x01', at: NEW_YEAR };
  return { record: name, ...usual, ...more } as ChartRecord;
}

function chartOf(records: readonly ChartRecord[], erased: readonly ChartRecord[] = []): Chart {
  return {
    records,
    openerFor: (each: ChartRecord) => {
      if (erased.includes(each)) throw new MedsealError('RECORD_ERASED', { category: 'other' });
    },
  } as unknown as Chart;
}

/** Its place in a log. */
function acknowledged(index: number): Partial<ChartRecord> {
  return { acknowledgement: { log: 'care/hospital', index } } as unknown as Partial<ChartRecord>;
}

/** The state of a reader that has opened resources of records. */
function stateOf(
  opened: readonly (readonly [ChartRecord, readonly unknown[]])[],
  more: Partial<ChartState> = {},
): ChartState {
  const bundle = 'a';
  const entries = opened.flatMap(([, resources]) =>
    resources.map((resource) => ({
      bundle,
      url: `urn:x:${(resource as { readonly id?: string }).id}`,
      resource,
    })),
  );
  return {
    arranged: arrangeChart(entries),
    recordOf: new Map(
      opened.flatMap(([from, resources]) => resources.map((resource) => [resource, from] as const)),
    ),
    resourcesIn: new Map(opened),
    files: new Map(),
    left: [],
    large: [],
    failures: [],
    done: opened.length,
    of: opened.length,
    released: [],
    finished: true,
    ...more,
  };
}

function statesOf(lines: readonly RecordLine[]): Readonly<Record<string, RecordLine['state']>> {
  return Object.fromEntries(lines.map((line) => [line.record.record, line.state]));
}

describe('the lines of a patient’s records', () => {
  const [open, late, secret, huge, gone, away] = [
    record('open'),
    record('late'),
    record('secret', { category: 'sensitive' }),
    record('huge'),
    record('gone'),
    record('away'),
  ];
  const chart = chartOf([open, late, secret, huge, gone, away], [gone]);
  const error = new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' });
  const failures = [gone, away].map((each) => ({ record: each, error }));
  const state = stateOf([[open, [letter]]], {
    left: [late, secret],
    large: [huge],
    failures,
  });

  it('say of each record whether it is open, being read, closed, erased, or why it did not open', () => {
    const lines = recordLines({ chart, state }, NOTHING);
    assert.deepEqual(statesOf(lines), {
      open: 'open',
      late: 'reading',
      secret: 'sensitive',
      huge: 'large',
      gone: 'erased',
      away: 'failed',
    });
    assert.equal(lines.find((line) => line.record === away)?.error, error);
  });

  it('say why the rest stays closed once the reading stopped', () => {
    const stopped = recordLines({ chart, state: { ...state, error } }, NOTHING);
    const line = stopped.find((each) => each.record === late);
    assert.deepEqual([line?.state, line?.error], ['failed', error]);
  });

  it('have titles that the device remembers, but none of a sensitive record', () => {
    const titles = { [titleKey(huge)]: 'Scan', [titleKey(secret)]: 'Notes' };
    const lines = recordLines({ chart, state }, { titles, dates: {} });
    const knownOf = (of: ChartRecord): unknown => lines.find((each) => each.record === of)?.known;
    assert.deepEqual([knownOf(huge), knownOf(secret)], ['Scan', undefined]);
  });

  it('tell of a sensitive record when it was added, and no date of its own until it is open', () => {
    const day = { date: '2019-08-07', precision: 'day', at: Date.UTC(2019, 7, 7) } as const;
    const dates = { [titleKey(secret)]: day };
    const lineOf = (at: ChartState): RecordLine | undefined =>
      recordLines({ chart, state: at }, { titles: {}, dates }).find(
        (each) => each.record === secret,
      );
    const later = record('later', { category: 'sensitive' });
    assert.equal(lineOf({ ...state, left: [secret, later] })?.when.date, '');
    const read = stateOf([[secret, [letter]]], { left: [later] });
    assert.deepEqual([lineOf(read)?.state, lineOf(read)?.when.date], ['open', '2024-05-06']);
  });

  // @actor somebody at the page of a patient who erased sensitive records | opens one
  it('say of an erased sensitive record that it is erased, also if it was open before', () => {
    const erased = chartOf([secret, open], [secret]);
    const toldOf = (at: ChartState): readonly unknown[] => {
      const [line] = recordLines({ chart: erased, state: at }, NOTHING).filter(
        (each) => each.record === secret,
      );
      return [line?.state, line?.items, line?.when.date];
    };
    assert.deepEqual(toldOf(stateOf([], { left: [secret] })), ['erased', [], '']);
    assert.deepEqual(toldOf(stateOf([[secret, [letter]]])), ['erased', [], '']);
  });

  // @actor an author who may amend takes the file out of a document | hides a large file from the patient's list
  it('hide a file that the device remembers as one only until the document after it is read, which may no longer present it', () => {
    const [file, document] = [record('file', acknowledged(1)), record('document', acknowledged(2))];
    const of = chartOf([file, document]);
    const titles = { [titleKey(file)]: '' };
    const namesIn = (at: ChartState, listed = of): readonly string[] =>
      Object.keys(statesOf(recordLines({ chart: listed, state: at }, { titles, dates: {} })));
    const closed = stateOf([], { left: [document], large: [file] });
    assert.deepEqual(namesIn(closed), ['document']);
    const read = stateOf([[document, [letter]]], { large: [file] });
    assert.deepEqual(namesIn(read).toSorted(), ['document', 'file']);
    assert.deepEqual(namesIn({ ...read, files: new Map([['file', document]]) }), ['document']);
    const gone = chartOf([file, document], [file, document]);
    assert.deepEqual(namesIn(stateOf([]), gone), ['document']);
  });

  it('stay in their places until all is read, then stand by their own dates', () => {
    const dated = { ...letter, date: '2020-01-02' };
    const [older, newer] = [record('older', { at: NEW_YEAR - 9 }), record('newer')];
    const both = chartOf([older, newer]);
    const namesIn = (left: readonly ChartRecord[]): readonly string[] => {
      const lines = recordLines(
        { chart: both, state: stateOf([[newer, [dated]]], { left }) },
        NOTHING,
      );
      return lines.map((line) => line.record.record);
    };
    assert.deepEqual(namesIn([older]), ['newer', 'older']);
    assert.deepEqual(namesIn([record('x', { category: 'sensitive' })]), ['older', 'newer']);
  });

  it('leave out batches of readings, objections, and the file that a document presents unless it holds health data', () => {
    const file = record('file');
    const objection = record('objection', { about: `0x${'01'.repeat(32)}` });
    const batch = record('batch', { readings: {} as NonNullable<ChartRecord['readings']> });
    const listed = chartOf([open, file, objection, batch]);
    const files = new Map([['file', open]]);
    const closed = recordLines(
      { chart: listed, state: stateOf([[open, [letter]]], { files }) },
      NOTHING,
    );
    assert.deepEqual(statesOf(closed), { open: 'open' });
    const health = stateOf(
      [
        [open, [letter]],
        [file, [{ ...letter }]],
      ],
      { files },
    );
    assert.deepEqual(
      Object.keys(statesOf(recordLines({ chart: listed, state: health }, NOTHING))),
      ['open', 'file'],
    );
  });

  it('show a sign-off, which is a Provenance alone, and no Provenance beside what was corrected', () => {
    const [signedOff, corrected] = [record('signedOff'), record('corrected')];
    const state = stateOf([
      [signedOff, [provenance('one')]],
      [corrected, [letter, provenance('other')]],
    ]);
    const lines = recordLines({ chart: chartOf([signedOff, corrected]), state }, NOTHING);
    const kinds = lines.map((line) => [line.record.record, line.items.map(({ kind }) => kind)]);
    assert.deepEqual(Object.fromEntries(kinds), {
      signedOff: ['Provenance'],
      corrected: ['DocumentReference'],
    });
  });

  it('find what is open also under the records of a chart that was asked for again', () => {
    const again = chartOf([{ ...open }]);
    const [line] = recordLines({ chart: again, state: stateOf([[open, [letter]]]) }, NOTHING);
    assert.deepEqual([line?.state, line?.items.length], ['open', 1]);
  });
});

describe('a report and its results', () => {
  const report = {
    resourceType: 'DiagnosticReport',
    id: 'report',
    code: { text: 'Blood test' },
    result: [{ reference: 'urn:x:a' }, { reference: 'urn:x:b' }],
  };
  const values = ['a', 'b'].map((id) => observation(id, 1, 'g', '2025-01-02', { id }));
  const linesOf = (
    of: Partial<ChartRecord>,
    more: readonly unknown[] = [],
  ): readonly RecordLine[] => {
    const home = record('home', { category: 'reports' });
    const results = record('results', { category: 'laboratory', ...of });
    const state = stateOf([
      [home, [report]],
      [results, [...values, ...more]],
    ]);
    return recordLines({ chart: chartOf([home, results]), state }, NOTHING);
  };

  it('are one line, of both kinds, that leads to both', () => {
    const [line, ...more] = linesOf({});
    assert.deepEqual(more, []);
    assert.deepEqual(line && kindsOf(line), ['reports', 'laboratory']);
    assert.deepEqual(
      line?.results.map((each) => [each.record.record, each.items.length]),
      [['results', 2]],
    );
  });

  // @actor an author who may add names somebody else's results in a report | hides them in the patient's list of records
  it('are two lines if the results are another author’s, sensitive, or hold more than the report names', () => {
    assert.equal(linesOf({ author: '0x02' }).length, 2);
    assert.equal(linesOf({ category: 'sensitive' }).length, 2);
    assert.equal(linesOf({}, [observation('c', 1, 'g', '2025-01-02', { id: 'c' })]).length, 2);
  });
});
