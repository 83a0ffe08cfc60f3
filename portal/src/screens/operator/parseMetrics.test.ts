import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMetrics } from './parseMetrics.ts';

describe('the metrics of a node', () => {
  it('are read with their labels and values', () => {
    const text = `# HELP medseal_ready 1 while the node takes requests
# TYPE medseal_ready gauge
medseal_ready 1

medseal_log_entries{organisation="hospital",log="care/hospital"} 77
medseal_disk_free_bytes 1.5e+10
`;
    assert.deepEqual(parseMetrics(text), [
      { name: 'medseal_ready', labels: {}, value: 1 },
      {
        name: 'medseal_log_entries',
        labels: { organisation: 'hospital', log: 'care/hospital' },
        value: 77,
      },
      { name: 'medseal_disk_free_bytes', labels: {}, value: 1.5e10 },
    ]);
  });

  it('have labels with quotes, backslashes, braces and line breaks as they were', () => {
    const [sample] = parseMetrics(String.raw`a{b="x\"} 9\\\ny",c=""} 2`);
    assert.deepEqual(sample?.labels, { b: 'x"} 9\\\ny', c: '' });
    assert.equal(sample.value, 2);
  });

  for (const line of ['', '# a 1', 'a', 'a{b="c"}', 'a NaN', 'a b', '{b="c"} 1', '1a 1', '<b>']) {
    it(`leave out a line that is no sample: ${JSON.stringify(line)}`, () => {
      assert.deepEqual(parseMetrics(line), []);
    });
  }
});
