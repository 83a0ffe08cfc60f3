import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { parseConfiguration } from '../src/node/configuration/parseConfiguration.ts';
import { createMetrics } from '../src/node/operate/createMetrics.ts';
import { PROGRAMS } from './release/programs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The names that a node's metrics have, with those that Prometheus makes of a histogram. */
async function namesOfMetrics(): Promise<ReadonlySet<string>> {
  const text = await createMetrics('test', async () => await Promise.resolve(undefined)).text();
  const names = new Set<string>();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    names.add(name);
    if (type !== 'histogram') continue;
    for (const part of ['bucket', 'sum', 'count']) names.add(`${name}_${part}`);
  }
  return names;
}

function metricsIn(text: string): readonly string[] {
  return [...new Set(text.match(/\b(?:medseal|process|nodejs)_[a-z0-9_]+/g))];
}

describe('what watches a node', () => {
  it('asks only for metrics that a node has', async () => {
    const names = await namesOfMetrics();
    for (const file of ['deploy/grafana-dashboard.json', 'deploy/prometheus-rules.yml']) {
      const unknown = metricsIn(read(file)).filter((name) => !names.has(name));
      assert.deepEqual(unknown, [], file);
    }
  });

  it('shows every metric of our own on the dashboard', async () => {
    const dashboard = read('deploy/grafana-dashboard.json');
    const shown = metricsIn(dashboard).map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
    const own = [...(await namesOfMetrics())].filter(
      (name) => name.startsWith('medseal_') && !/_(?:bucket|sum|count)$/.test(name),
    );
    assert.ok(own.length >= 14);
    assert.deepEqual(
      own.filter((name) => !shown.includes(name)),
      [],
    );
  });

  it('is a dashboard whose panels each have a place, a unit and a question', () => {
    const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as {
      panels: readonly {
        readonly id: number;
        readonly title: string;
        readonly gridPos: { readonly x: number; readonly y: number };
        readonly targets: readonly { readonly expr: string }[];
      }[];
    };
    const places = panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
    assert.equal(new Set(places).size, panels.length);
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const { title, targets } of panels) {
      assert.ok(title !== '' && targets.length > 0);
      for (const { expr } of targets) assert.equal(openIn(expr), 0, expr);
    }
  });

  it('alerts as the runbook says, and the runbook explains each alert', async () => {
    const rules = read('deploy/prometheus-rules.yml');
    await format(rules, { parser: 'yaml' });
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
    const told = [...read('docs/run/operate.md').matchAll(/^\| `(Medseal\w+)`/gm)].map(
      ([, name = '']) => name,
    );
    assert.ok(alerts.length >= 10);
    assert.deepEqual(new Set(told), new Set(alerts));
    assert.equal(told.length, alerts.length);
    for (const [, expr = ''] of rules.matchAll(/expr: (.+)$/gm))
      assert.equal(openIn(expr), 0, expr);
  });
});

/** Counts the brackets of an expression that are left open. */
function openIn(expression: string): number {
  const count = (pattern: RegExp): number => expression.match(pattern)?.length ?? 0;
  return count(/[({[]/g) - count(/[)}\]]/g);
}

describe('the container', () => {
  const lines = read('deploy/Containerfile')
    .replaceAll(/^#.*$/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
      return { name, rest: rest.trim(), line };
    });
  const last = (name: string): string => lines.findLast((each) => each.name === name)?.rest ?? '';

  it('is made of instructions that there are', () => {
    const known =
      /^(?:FROM|WORKDIR|COPY|RUN|ENV|USER|VOLUME|EXPOSE|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT|CMD)$/;
    assert.deepEqual(
      lines.filter(({ name }) => !known.test(name)).map(({ line }) => line),
      [],
    );
    assert.equal(lines[0]?.name, 'FROM');
  });

  it('copies what is in a release, verifies it, and runs the program of the package as nobody special', () => {
    const copied = lines.filter(({ name }) => name === 'COPY').map(({ rest }) => rest);
    // `scripts/release/release.network.test.ts` runs the steps of RUN on the files of a release.
    assert.deepEqual(copied, [
      'SHA256SUMS medseal-*.tgz medseal-engine-* medseal-pkcs11-* /release/',
    ]);
    const steps = last('RUN')
      .split('&&')
      .map((step) => step.trim());
    assert.deepEqual(steps.slice(0, 2), [
      'cd /release',
      'sha256sum --check --strict --ignore-missing SHA256SUMS',
    ]);
    assert.ok(
      steps.some((step) => /^npm install .*--ignore-scripts.* \.\/medseal-\*\.tgz$/.test(step)),
    );
    const program = parseConfiguration({ environment: {}, line: new Map() }).validator.program;
    assert.ok(PROGRAMS.some(({ file }) => file === program));
    for (const { file } of PROGRAMS) {
      assert.ok(
        steps.some((step) => step.endsWith(` /usr/local/bin/${file}`)),
        file,
      );
    }
    const { bin, engines } = JSON.parse(read('package.json')) as {
      bin: object;
      engines: { node: string };
    };
    assert.deepEqual(JSON.parse(last('ENTRYPOINT')), Object.keys(bin));
    assert.deepEqual(JSON.parse(last('CMD')), ['up']);
    assert.notEqual(last('USER'), '');
    assert.doesNotMatch(last('USER'), /root|^0/);
    const major = /node:(\d+)/.exec(last('FROM'))?.[1];
    assert.equal(engines.node.includes(`${major}.`), true);
  });

  // @actor whoever moves the tag of a base image | puts a program of their own beside the keys of every node that is built afterwards
  it('stands on one image that its digest names, of the Node that a clone runs on', () => {
    const bases = lines
      .filter(({ name }) => name === 'FROM')
      .map(({ rest }) => rest.split(/\s+/)[0] ?? '');
    assert.equal(new Set(bases).size, 1);
    const { dependencies } = JSON.parse(read('runtime/package.json')) as {
      dependencies: { node: string };
    };
    const [, version, digest] =
      /^docker\.io\/library\/node:([\d.]+)-slim@(sha256:[0-9a-f]{64})$/.exec(bases[0] ?? '') ?? [];
    assert.equal(version, dependencies.node);
    assert.notEqual(digest, undefined);
  });

  it('sets settings that there are, and opens the ports that these name', () => {
    const pairs = [...last('ENV').matchAll(/(\w+)=(\S+)/g)].map(
      ([, name = '', value = '']) => [name, value] as const,
    );
    const environment = Object.fromEntries(
      pairs.filter(([name]) => !/_(?:DATA|PASSPHRASE_FILE)$/.test(name)),
    );
    const { listen, peers, operate, validator } = parseConfiguration({
      environment,
      line: new Map(),
    });
    const hosts = [listen.host, peers.host, operate.host, validator.host];
    assert.deepEqual(hosts, ['0.0.0.0', '0.0.0.0', '0.0.0.0', '0.0.0.0']);
    const ports = [listen.port, peers.port, operate.port, validator.port];
    assert.deepEqual(last('EXPOSE').split(/\s+/).map(Number), ports);
    assert.match(last('HEALTHCHECK'), new RegExp(`127\\.0\\.0\\.1:${operate.port}/healthz`));
    assert.ok(pairs.some(([name, value]) => name === 'MEDSEAL_DATA' && value === last('VOLUME')));
  });
});

describe('the unit for systemd', () => {
  const unit = read('deploy/medseal.service');
  const settings = new Map<string, string>();
  let section = '';
  const faults: string[] = [];
  for (const line of unit.split('\n')) {
    const [, name, value = ''] = /^([A-Z]\w*)=(.*)$/.exec(line) ?? [];
    const heading = /^\[(\w+)\]$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    else if (name !== undefined) settings.set(`${section}.${name}`, value);
    else if (line !== '' && !line.startsWith('#')) faults.push(line);
  }

  it('is made of sections and settings', () => {
    assert.deepEqual(faults, []);
    assert.deepEqual(
      [...new Set([...settings.keys()].map((key) => key.split('.')[0]))],
      ['Unit', 'Service', 'Install'],
    );
  });

  // @actor whoever reads the disk of a node that crashed | finds the keys in clear in a core dump
  it('runs the node with as little as it needs, and starts it again', () => {
    const expected = {
      'Service.Type': 'exec',
      'Service.Restart': 'always',
      'Service.DynamicUser': 'yes',
      'Service.StateDirectory': 'medseal',
      'Service.NoNewPrivileges': 'yes',
      'Service.ProtectSystem': 'strict',
      'Service.ProtectHome': 'yes',
      'Service.PrivateTmp': 'yes',
      'Service.CapabilityBoundingSet': '',
      'Service.LimitCORE': '0',
      'Service.LoadCredentialEncrypted': 'medseal.passphrase',
      'Service.Environment': 'MEDSEAL_DATA=%S/medseal',
      'Unit.StartLimitIntervalSec': '0',
    };
    for (const [key, value] of Object.entries(expected))
      assert.equal(settings.get(key), value, key);
    assert.match(settings.get('Service.ExecStart') ?? '', /^\/\S+\/medseal up$/);
    const { stop } = parseConfiguration({ environment: {}, line: new Map() });
    // Time to finish open requests, then as long for closing, before systemd kills the process.
    assert.ok(Number(settings.get('Service.TimeoutStopSec')) > stop.timeout + 10);
  });

  it('is one to systemd too, where that is on the machine', async (t) => {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) {
      t.skip('this machine has no systemd-analyze; the tests above read the unit');
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), 'medseal-unit-'));
    t.after(async () => await rm(folder, { recursive: true }));
    const path = join(folder, 'medseal.service');
    // The program is not installed here.
    await writeFile(path, unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /medseal\.service/);
  });
});
