import { NODE_GLIBC } from './nodeRuntime.ts';

/** A unit of deploy/ as the package has it: the program in /usr, a user that stays, and settings in /etc. */
export function packagedUnit(unit: string): string {
  return replaceOnce(
    replaceOnce(
      replaceOnce(unit, 'ExecStart=/usr/local/bin/medseal up', 'ExecStart=/usr/bin/medseal up'),
      'Environment=MEDSEAL_DATA=%S/medseal',
      'Environment=MEDSEAL_DATA=%S/medseal\nEnvironmentFile=-/etc/default/medseal',
    ),
    'DynamicUser=yes',
    'User=medseal\nGroup=medseal',
  ).replace(
    /^# .*\n/,
    '# A node of Medseal under systemd, as the Debian package installs it. Its folder is /var/lib/medseal.\n',
  );
}

function replaceOnce(text: string, found: string, by: string): string {
  const parts = text.split(found);
  if (parts.length !== 2) throw new Error(`“${found}” is not once in the unit of deploy/.`);
  return parts.join(by);
}

/** Says how Debian orders a version: a version before a release comes before it, and an altered one after its commit. */
export function debianVersion(label: string): string {
  const [version = '', ...rest] = label.split('-');
  const dirty = rest.at(-1) === 'dirty';
  const before = (dirty ? rest.slice(0, -1) : rest).join('.');
  return `${version}${before === '' ? '' : `~${before}`}${dirty ? '+dirty' : ''}`;
}

/**
 * Writes the file `control` of the Debian package.
 *
 * @param kilobytes - Size of what it installs.
 * @param glibc - Versions of glibc that the programs in Go ask for.
 */
export function debianControl({
  label,
  machine,
  kilobytes,
  glibc,
}: {
  readonly label: string;
  readonly machine: string;
  readonly kilobytes: number;
  readonly glibc: readonly string[];
}): string {
  const minors = [NODE_GLIBC, ...glibc].map((version) => Number(version.split('.')[1]));
  return `Package: medseal
Version: ${debianVersion(label)}
Architecture: ${machine}
Maintainer: Medseal <release@medseal.example>
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.${Math.max(...minors)}), libgcc-s1, libstdc++6, systemd (>= 250)
Recommends: chrony | systemd-timesyncd | ntpsec
Section: net
Priority: optional
Description: node of a network for sealed health records
 One process for each organisation, on one folder. The package has the node
 with its command line and portal, the engine of a consortium's ledger, the
 program for PKCS#11 tokens, and the Node.js that they run on. It compiles nothing and fetches nothing.
`;
}

/** Files that configure the package: an upgrade keeps what an operator changed in them. */
export const CONFFILES: Readonly<Record<string, string>> = {
  'etc/default/medseal': `# Settings of the node, as environment variables: medseal up --help names them all. Such as:
#MEDSEAL_LISTEN_PORT=8480
`,
};

/** Files of the package for systemd, by their paths. */
export const SYSTEMD_FILES: Readonly<Record<string, string>> = {
  'usr/lib/sysusers.d/medseal.conf': 'u medseal - "Medseal node"\n',
  'usr/lib/tmpfiles.d/medseal.conf': 'd /var/lib/medseal 0700 medseal medseal\n',
};

/**
 * Scripts that dpkg runs. None starts or stops a node for an upgrade: organisations do that one after the other, and one that
 * runs would load parts of the new version, and one that systemd is about to start again would be the new one; so an upgrade is
 * refused unless it is stopped. None
 * touches /var/lib/medseal, not even to purge the package: a node's keys and records have no second copy here.
 */
export const DEBIAN_SCRIPTS: Readonly<Record<string, string>> = {
  preinst: `#!/bin/sh
set -e
if [ "$1" = upgrade ] && [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
  case "$(systemctl is-active medseal)" in
    inactive | failed | unknown) ;;
    *)
      echo 'medseal: the node runs, or is about to. Back it up and stop it first (systemctl stop medseal), then upgrade, then start it.' >&2
      exit 1
      ;;
  esac
fi
`,
  postinst: `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  systemd-sysusers --root="$DPKG_ROOT/" medseal.conf
  systemd-tmpfiles --root="$DPKG_ROOT/" --create medseal.conf
  if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
  fi
fi
`,
  prerm: `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
  systemctl --quiet disable --now medseal || true
fi
`,
  postrm: `#!/bin/sh
set -e
if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi
if [ "$1" = purge ] && [ -d "$DPKG_ROOT/var/lib/medseal" ]; then
  echo 'medseal: /var/lib/medseal stays, with the keys and records of the node. Delete it yourself if nobody needs it any more.'
fi
`,
};
