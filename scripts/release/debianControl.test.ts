import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DEBIAN_SCRIPTS, debianControl, debianVersion, packagedUnit } from './debianControl.ts';
import { hasTool } from './runTool.ts';

function libraryOf(...glibc: readonly string[]): string | undefined {
  const control = debianControl({ label: '1.0.0', machine: 'amd64', kilobytes: 1, glibc });
  return /libc6 \(>= (\S+)\)/.exec(control)?.[1];
}

describe('the control file of the Debian package', () => {
  for (const [label, version] of [
    ['0.2.0', '0.2.0'],
    ['0.2.0-dev.0', '0.2.0~dev.0'],
    ['0.2.0-rc-1', '0.2.0~rc.1'],
    ['0.2.0-dirty', '0.2.0+dirty'],
    ['0.2.0-dev.0-dirty', '0.2.0~dev.0+dirty'],
  ] as const) {
    it(`calls ${label} ${version}`, () => {
      assert.equal(debianVersion(label), version);
    });
  }

  it('orders a version before its release', { skip: !hasTool('dpkg') && 'no dpkg' }, () => {
    const order = ['0.1.9', '0.2.0-dev.0', '0.2.0-dev.0-dirty', '0.2.0-dev.1', '0.2.0'].map(
      debianVersion,
    );
    for (const [at, version] of order.slice(1).entries()) {
      const { status } = spawnSync('dpkg', ['--compare-versions', order[at] ?? '', 'lt', version]);
      assert.equal(status, 0, version);
    }
  });

  it('asks for the newest glibc of Node and the programs in Go', () => {
    assert.equal(libraryOf(), '2.28');
    assert.equal(libraryOf('2.3', '2.0'), '2.28');
    assert.equal(libraryOf('2.0', '2.34', '2.3'), '2.34');
  });
});

describe('the unit of the Debian package', () => {
  const unit = readFileSync('deploy/medseal.service', 'utf8');

  it('is that of deploy/ with the package’s program, user and settings', () => {
    const packaged = packagedUnit(unit);
    assert.match(packaged, /^ExecStart=\/usr\/bin\/medseal up$/m);
    assert.match(packaged, /^User=medseal$/m);
    assert.match(packaged, /^EnvironmentFile=-\/etc\/default\/medseal$/m);
    assert.doesNotMatch(packaged, /DynamicUser|\/usr\/local|\/var\/lib\/private/);
    const kept = unit
      .split('\n')
      .filter((line) => /^[A-Z]\w+=/.test(line) && !/^(?:ExecStart|DynamicUser)=/.test(line));
    assert.deepEqual(
      kept.filter((line) => !packaged.includes(`\n${line}\n`)),
      [],
    );
    // systemd gives these to a temporary user by itself.
    for (const line of [
      'RemoveIPC=yes',
      'RestrictSUIDSGID=yes',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
    ]) {
      assert.ok(packaged.includes(`\n${line}\n`), line);
    }
  });

  it('is not made of a unit that says it another way', () => {
    assert.throws(
      () => packagedUnit(unit.replace('DynamicUser=yes', 'DynamicUser=true')),
      /DynamicUser/,
    );
  });
});

describe('the scripts of the Debian package', () => {
  it('are read by a shell, and neither fetch, start nor delete anything', () => {
    for (const [name, script] of Object.entries(DEBIAN_SCRIPTS)) {
      assert.equal(spawnSync('sh', ['-n'], { input: script }).status, 0, name);
      assert.doesNotMatch(script, /curl|wget|npm|apt|systemctl (?:re)?start|enable|rm /, name);
    }
  });

  it('refuse an upgrade unless the node is stopped, also while systemd waits to start it again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'medseal-scripts-'));
    try {
      const program = join(folder, 'systemctl');
      writeFileSync(
        program,
        '#!/bin/sh\nif [ "$1" = is-active ]; then echo "$STATE"; fi\n[ "$STATE" = active ]\n',
      );
      chmodSync(program, 0o755);
      // A machine that systemd runs.
      const script = DEBIAN_SCRIPTS['preinst']?.replaceAll('/run/systemd/system', folder);
      const upgrade = (state: string, action = 'upgrade'): number | null => {
        const env = { PATH: `${folder}:${process.env['PATH']}`, STATE: state };
        return spawnSync('sh', ['-s', action, '1.0.0'], { input: script, env }).status;
      };
      for (const state of ['active', 'activating', 'deactivating', 'reloading']) {
        assert.equal(upgrade(state), 1, state);
      }
      for (const state of ['inactive', 'failed', 'unknown']) assert.equal(upgrade(state), 0, state);
      assert.equal(upgrade('active', 'install'), 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
