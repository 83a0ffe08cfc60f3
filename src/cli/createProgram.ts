import { Command } from 'commander';
import { addArchiveCommands } from './archive/archiveCommands.ts';
import { addClaimCommands } from './claim/claimCommands.ts';
import { addConsentCommands } from './consent/consentCommands.ts';
import { addContactCommands } from './contact/contactCommands.ts';
import { addDeviceCommands } from './device/deviceCommands.ts';
import { addEngineCommands } from './engine/engineCommands.ts';
import { addEvidenceCommands } from './evidence/evidenceCommands.ts';
import { addGatewayCommands } from './gateway/gatewayCommands.ts';
import { addKeepingCommands } from './keeping/keepingCommands.ts';
import { addStoreCommands } from './store/storeCommands.ts';
import { addVaultCommands } from './vault/vaultCommands.ts';
import { addKeyCommands } from './key/keyCommands.ts';
import { addMistakeCommands } from './mistake/mistakeCommands.ts';
import { addChannelCommands } from './network/channelCommands.ts';
import { addChangeCommands } from './network/changeCommands.ts';
import { addNetworkCommands } from './networkCommands.ts';
import { addNodeCommands } from './node/nodeCommands.ts';
import { addNotifyCommands } from './notify/notifyCommands.ts';
import { addOrderCommands } from './order/orderCommands.ts';
import { addPartyCommands } from './party/partyCommands.ts';
import { addPrescriptionCommands } from './prescription/prescriptionCommands.ts';
import { addReadingsCommands } from './readings/readingsCommands.ts';
import { addSensorsCommands } from './sensors/sensorsCommands.ts';
import { addUnitCommands } from './unit/unitCommands.ts';
import { addRecordCommands } from './record/recordCommands.ts';
import { addRightCommands } from './right/rightCommands.ts';
import { addRuleCommands } from './rule/ruleCommands.ts';
import { shownLines } from './terminal/shownLines.ts';
import type { Streams } from './terminal/Streams.ts';
import { addMandateCommands } from './mandate/mandateCommands.ts';
import { addVitalCommands } from './vital/vitalCommands.ts';
import { calledAs } from './program/calledAs.ts';
import { commandPath } from './program/commandPath.ts';
import { paragraphs } from './program/paragraphs.ts';
import { VERSION } from '../folder/version.ts';

/** Columns of a help that goes to a file or another program. */
const USUAL = 80;
/** Columns of what is said of an option, on a terminal that is narrow. */
const LEAST_ABOUT = 20;

const NOTES =
  (): string => `Exit codes: 0 done; 1 refused or failed; 2 wrong command line; 3 not possible now, try again
later; 130 interrupted.
\`${calledAs('help <command>')}\` shows how to use one, with examples.`;

/**
 * Creates the whole command line: every verb with its help. A verb's code is loaded when the verb runs.
 *
 * @param streams - Streams for help and for errors of the command line.
 */
export function createProgram({ stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>): Command {
  const program = new Command('medseal')
    .description('Share health records under the patient’s control.')
    .helpOption('-h, --help', 'show this help')
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => columnsOf(stdout),
      getErrHelpWidth: () => columnsOf(stderr),
      // It repeats what was typed, or pasted.
      outputError: (text, write) =>
        write(shownLines(text.trimEnd().split(/\n(?=\(Did you mean )/), stderr)),
    })
    .configureHelp({
      minWidthToWrap: LEAST_ABOUT,
      commandUsage: (command) => calledAs(`${commandPath(command)} ${command.usage()}`.trim()),
    })
    .enablePositionalOptions()
    .showHelpAfterError(`(${calledAs('--help')} lists the commands)`)
    .addHelpText('after', ({ command }) => `\n${paragraphs(NOTES(), command)}`);
  addNetworkCommands(program);
  addNodeCommands(program);
  addChangeCommands(program);
  addChannelCommands(program);
  addKeyCommands(program);
  addPartyCommands(program);
  addContactCommands(program);
  addRecordCommands(program);
  addRightCommands(program);
  addRuleCommands(program);
  addConsentCommands(program);
  addDeviceCommands(program);
  addReadingsCommands(program);
  addMistakeCommands(program);
  addOrderCommands(program);
  addNotifyCommands(program);
  addPrescriptionCommands(program);
  addClaimCommands(program);
  addVitalCommands(program);
  addMandateCommands(program);
  addUnitCommands(program);
  addEngineCommands(program);
  addEvidenceCommands(program);
  addArchiveCommands(program);
  addKeepingCommands(program);
  addVaultCommands(program);
  addStoreCommands(program);
  addGatewayCommands(program);
  addSensorsCommands(program);
  return program;
}

function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number {
  return isTTY ? columns : USUAL;
}
