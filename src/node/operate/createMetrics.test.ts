import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from './createMetrics.ts';

const nothing = async (): Promise<undefined> => await Promise.resolve(undefined);

/** Name, type and help of each metric. */
async function described(): Promise<readonly (readonly [string, string, string])[]> {
  const text = await createMetrics('test', nothing, ['hospital']).text();
  const help = new Map(
    [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, a = '', b = '']) => [a, b]),
  );
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [
    name,
    type,
    help.get(name) ?? '',
  ]);
}

describe('the metrics of a node', () => {
  it('have names and units as Prometheus asks for: a total is a counter, times are in seconds', async () => {
    for (const [name, type, help] of await described()) {
      assert.ok(help.length > 0, name);
      assert.equal(name.endsWith('_total'), type === 'counter', name);
      assert.match(name, /^[a-z][a-z0-9_]*$/);
      assert.doesNotMatch(
        name,
        /_(?:milliseconds|ms|minutes|hours|kilobytes|megabytes|percent)(?:_|$)/,
      );
      if (type !== 'histogram') assert.doesNotMatch(name, /_(?:count|sum|bucket)$/);
    }
  });

  it('count from 0, so that the first failure and the first request are seen as an increase', async () => {
    const text = await createMetrics('test', nothing, ['hospital']).text();
    for (const line of [
      'medseal_submissions_total{organisation="hospital",kind="View",outcome="acknowledged",code=""} 0',
      'medseal_submissions_total{organisation="hospital",kind="Ask",outcome="acknowledged",code=""} 0',
      'medseal_submissions_total{organisation="hospital",kind="Grant",outcome="placed",code=""} 0',
      'medseal_background_failures_total{code="STORAGE_FULL"} 0',
    ]) {
      assert.ok(text.includes(`${line}\n`), line);
    }
  });
});
