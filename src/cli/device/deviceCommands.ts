import type { Command } from 'commander';
import { calledAs } from '../program/calledAs.ts';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { DEVICE_BIND, DEVICE_LIST, DEVICE_PROVE } from './deviceOptions.ts';

/**
 * Adds the commands about devices that sign readings: `device …`.
 *
 * @param program - The command line.
 */
export function addDeviceCommands(program: Command): void {
  const device = addNoun(
    program,
    'device',
    'bind, list, name and end devices that put readings on your chart, and prove one reading',
  );
  addVerb(device, {
    name: 'bind <code>',
    about: 'let a device put its readings on your chart, until a date',
    args: { code: 'the code that the device shows, or its address' },
    options: DEVICE_BIND,
    shared: [...visitor(), yes()],
    notes: `Compare the 12 letters that you see with those that the device shows before you sign. The gateway can add what this
device signed, and read nothing by this right. It finds the right by itself. It is safe to run twice.

Give the file of --pin to the device yourself, and not by its gateway: the device seals to the chart that the file names, and
then neither broker nor gateway sees a reading. The file is not secret.`,
    examples: [
      `device bind medseal-device:1:${EXAMPLE}:Wrist:17 --gateway ward --until 30d`,
      `device bind ${EXAMPLE} --gateway ward --category vitals --until 2026-12-31 --yes`,
      `device bind ${EXAMPLE} --gateway ward --until 30d --pin pin.json`,
    ],
    interrupted: 'The device may have been bound: "device list" shows it then.',
    gives: async () => (await import('./deviceAnswers.ts')).DEVICE_BOUND,
    load: async () => (await import('./bindDeviceVerb.ts')).bindDeviceVerb,
  });
  addVerb(device, {
    name: 'list',
    about: 'list the devices that are bound to your chart, and what they sent',
    options: DEVICE_LIST,
    shared: visitor(),
    notes: `--follow opens no record. It reads all evidence of your chart, which takes as long as "${calledAs('audit')}", and
is an entry itself. Exit code: 1 if a check of it fails.`,
    examples: ['device list', 'device list --follow'],
    gives: async () => (await import('./deviceAnswers.ts')).DEVICES_LISTED,
    load: async () => (await import('./listDevicesVerb.ts')).listDevicesVerb,
  });
  addVerb(device, {
    name: 'name <device> [name]',
    about: 'give a device a name of your own, or without a name take yours back',
    args: {
      device: 'its 12 letters, its code or its address',
      name: 'the name, of at most 60 characters',
    },
    shared: visitor(),
    notes: `Nobody else learns the name: nodes keep it sealed, in the state of your devices. Your other devices show it once they have
that state. Compare the 12 letters all the same before you end or prove something: two devices can have one name.`,
    examples: ['device name KQTC-MZAB-WHPD "Grandma’s cuff"', 'device name KQTC-MZAB-WHPD'],
    interrupted: 'It may have the name. Run it again: that is safe.',
    gives: async () => (await import('./deviceAnswers.ts')).DEVICE_NAMED,
    load: async () => (await import('./nameDeviceVerb.ts')).nameDeviceVerb,
  });
  addVerb(device, {
    name: 'prove <device>',
    about: 'save the proof of one reading on your chart, which shows no other reading',
    args: { device: 'its 12 letters, its code or its address' },
    options: DEVICE_PROVE,
    shared: visitor(),
    notes: `The batch is opened, which is a view like any other. The proof names you by your chart, the gateway, the right and the
batch, and has this one reading in the clear: give it only to people who may know that. It proves that this device signed
the reading, and that nodes accepted it in time. It does not prove that the device measured truly, or who wore it.`,
    examples: ['device prove KQTC-MZAB-WHPD --number 240 --out reading.json'],
    interrupted: 'Run it again: that is safe.',
    gives: async () => (await import('./deviceAnswers.ts')).READING_PROVED,
    load: async () => (await import('./proveReadingVerb.ts')).proveReadingVerb,
  });
  addVerb(device, {
    name: 'end <device>',
    about: 'end every right of a device, such as one that was lost or sold',
    args: { device: 'its 12 letters, its code or its address' },
    shared: [...visitor(), yes()],
    notes: `From then on its readings are refused, those that it measured before too. Readings on your chart stay.`,
    examples: ['device end KQTC-MZAB-WHPD', `device end ${EXAMPLE} --yes`],
    interrupted: 'It may have ended. Run it again: that is safe.',
    gives: async () => (await import('./deviceAnswers.ts')).DEVICE_ENDED,
    load: async () => (await import('./endDeviceVerb.ts')).endDeviceVerb,
  });
}

/** Address of a device, for examples. */
const EXAMPLE = '0x52908400098527886e0f7030069857d2e4169ee7';
