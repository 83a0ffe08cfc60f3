import { open } from 'node:fs/promises';
import { arch, platform } from 'node:process';

/** Machines by the numbers that ELF has for them, in the words of Go. */
const ELF_MACHINES: Readonly<Record<number, string>> = { 3: '386', 62: 'amd64', 183: 'arm64' };
const GO_MACHINES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const GO_SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows' };
const [ELF, MACHINE_AT, HEAD] = ['\x7fELF', 18, 20];

/** The platform of this machine, as `system/machine` in the words of Go. */
export const PLATFORM_HERE = `${GO_SYSTEMS[platform] ?? platform}/${GO_MACHINES[arch] ?? arch}`;

/**
 * Reads for which platform a program is.
 *
 * @param path - The file.
 * @returns Undefined if it is not a program for Linux, or for another machine than those that the engine is built for.
 */
export async function platformOf(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD);
    const { bytesRead } = await file.read(head, 0, HEAD, 0);
    if (bytesRead < HEAD || head.toString('latin1', 0, ELF.length) !== ELF) return undefined;
    const machine = ELF_MACHINES[head.readUInt16LE(MACHINE_AT)];
    return machine === undefined ? undefined : `linux/${machine}`;
  } finally {
    await file.close();
  }
}
