import type { ComponentType } from 'react';
import type { Role } from '../../../src/protocol/vocabulary.ts';
import type { ActingHere } from '../session/Session.ts';
import type { IconName } from '../ui/iconNames.ts';
import type { WordKey } from '../words/WordKey.ts';
import type { PublicScreenProps, ScreenProps } from './ScreenProps.ts';

/** An entry of the menu: its word, its drawing and where it stands. */
export interface MenuEntry {
  readonly label: WordKey;
  readonly icon: IconName;
  /** In the bar of a narrow screen too, in the menu of a wide one alone, or only on the screen of what is needed less often. */
  readonly at: 'bar' | 'side' | 'more';
}

/** A screen, loaded when it is first opened. */
export type ScreenEntry = {
  /** Path after the `#`, such as `/records/:record`. */
  readonly path: string;
  /** Words that it says, besides those of the first screen; all if absent. */
  readonly words?: 'home';
} & (
  | {
      /** Its entry in the menu, which is its title too. */
      readonly menu: MenuEntry;
      readonly title?: never;
    }
  | {
      readonly menu?: never;
      /** The title of a screen that another one opens: browsers keep it, so it names no record and nobody. */
      readonly title: WordKey;
    }
) &
  (
    | {
        /** Roles that have it; all if absent. */
        readonly roles?: readonly Role[];
        /**
         * Set if a mandate gives something for it: `too` beside the patient, `audit` if it lets see who saw what, and `alone` in place of
         * the patient's. Nobody who acts has any other.
         */
        readonly acting?: 'too' | 'audit' | 'alone';
        readonly load: () => Promise<ComponentType<ScreenProps>>;
      }
    | { readonly open: true; readonly load: () => Promise<ComponentType<PublicScreenProps>> }
  );

/** Roles that read and write charts of others. */
const CLINICIANS: readonly Role[] = [
  'doctor',
  'nurse',
  'pharmacist',
  'lab',
  'researcher',
  'analyst',
  'verifier',
  'registrar',
];
/** Roles that treat, and claim from insurers what it cost. */
const CLAIMANTS: readonly Role[] = ['doctor', 'nurse', 'pharmacist', 'lab'];
/** Roles that others can show records to. */
const READERS: readonly Role[] = [...CLINICIANS, 'insurer'];

/** The screens, in the order of the menu; the first one in a person's menu is the first that it sees. */
export const SCREENS: readonly ScreenEntry[] = [
  {
    path: '/home',
    menu: { label: 'home.menu', icon: 'heart-pulse', at: 'bar' },
    roles: ['patient'],
    words: 'home',
    load: async () => (await import('./home/PatientHome.tsx')).PatientHome,
  },
  {
    path: '/home',
    menu: { label: 'home.menu', icon: 'heart-pulse', at: 'bar' },
    acting: 'alone',
    load: async () => (await import('./acting/ActingHome.tsx')).ActingHome,
  },
  {
    path: '/requests',
    title: 'requests.title',
    roles: ['patient'],
    load: async () => (await import('./requests/AccessRequests.tsx')).AccessRequests,
  },
  {
    path: '/records',
    menu: { label: 'records.menu', icon: 'files', at: 'bar' },
    roles: ['patient'],
    acting: 'too',
    load: async () => (await import('./records/Records.tsx')).Records,
  },
  {
    path: '/records/:record',
    title: 'records.menu',
    roles: ['patient'],
    acting: 'too',
    load: async () => (await import('./records/RecordPage.tsx')).RecordPage,
  },
  {
    path: '/chart/:tab?',
    title: 'chart.heading',
    roles: ['patient'],
    acting: 'too',
    load: async () => (await import('./chart/ChartScreen.tsx')).ChartScreen,
  },
  {
    path: '/add',
    title: 'add.title',
    roles: ['patient'],
    load: async () => (await import('./add/Add.tsx')).Add,
  },
  {
    path: '/prescriptions',
    menu: { label: 'medicines.menu', icon: 'pill', at: 'side' },
    roles: ['patient'],
    load: async () => (await import('./prescriptions/OwnPrescriptions.tsx')).OwnPrescriptions,
  },
  {
    path: '/prescribe/:handle',
    title: 'medicines.prescribe',
    roles: ['doctor'],
    load: async () => (await import('./prescriptions/Prescribe.tsx')).Prescribe,
  },
  {
    path: '/dispense',
    menu: { label: 'medicines.menu', icon: 'pill', at: 'bar' },
    roles: ['pharmacist'],
    load: async () => (await import('./prescriptions/Dispensary.tsx')).Dispensary,
  },
  {
    path: '/claims',
    menu: { label: 'claims.menu', icon: 'receipt', at: 'side' },
    roles: ['patient'],
    load: async () => (await import('./claims/ClaimList.tsx')).ClaimList,
  },
  {
    path: '/claims/new',
    title: 'claims.new',
    roles: ['patient'],
    load: async () => (await import('./claims/MakeClaim.tsx')).MakeClaim,
  },
  {
    path: '/claims/permit',
    title: 'claims.permit',
    roles: ['patient'],
    load: async () => (await import('./claims/PermitClaim.tsx')).PermitClaim,
  },
  {
    path: '/readings',
    menu: { label: 'readings.menu', icon: 'activity', at: 'more' },
    roles: ['patient'],
    load: async () => (await import('./readings/Readings.tsx')).Readings,
  },
  {
    path: '/readings/:handle',
    title: 'readings.menu',
    roles: CLINICIANS,
    load: async () => (await import('./readings/Readings.tsx')).Readings,
  },
  {
    path: '/devices',
    title: 'readings.devices',
    roles: ['patient'],
    load: async () => (await import('./readings/Devices.tsx')).Devices,
  },
  {
    path: '/rights',
    menu: { label: 'share.menu', icon: 'users-round', at: 'bar' },
    roles: ['patient'],
    acting: 'too',
    load: async () => (await import('./share/Rights.tsx')).Rights,
  },
  {
    path: '/rules',
    title: 'rules.title',
    roles: ['patient'],
    load: async () => (await import('./rules/Rules.tsx')).Rules,
  },
  {
    path: '/files',
    title: 'exchange.title',
    roles: ['patient'],
    load: async () => (await import('./exchange/Exchange.tsx')).Exchange,
  },
  {
    path: '/will',
    title: 'vital.title',
    roles: ['patient'],
    load: async () => (await import('./vital/OwnWill.tsx')).OwnWill,
  },
  {
    path: '/birth',
    title: 'vital.permit',
    roles: ['patient'],
    load: async () => (await import('./vital/PermitBirth.tsx')).PermitBirth,
  },
  {
    path: '/share/:record?',
    title: 'share.new',
    roles: ['patient'],
    acting: 'too',
    load: async () => (await import('./share/Share.tsx')).Share,
  },
  {
    path: '/evidence',
    menu: { label: 'evidence.menu', icon: 'eye', at: 'bar' },
    roles: ['patient'],
    acting: 'audit',
    load: async () => (await import('./evidence/Evidence.tsx')).Evidence,
  },
  {
    path: '/asked',
    menu: { label: 'requests.menu', icon: 'list-checks', at: 'bar' },
    roles: ['researcher'],
    words: 'home',
    load: async () => (await import('./patients/AskedDesk.tsx')).AskedDesk,
  },
  {
    path: '/vital',
    menu: { label: 'vital.menu', icon: 'scroll-text', at: 'bar' },
    roles: ['registrar'],
    load: async () => (await import('./vital/VitalDesk.tsx')).VitalDesk,
  },
  {
    path: '/claims',
    menu: { label: 'claims.menu', icon: 'receipt', at: 'bar' },
    roles: ['verifier'],
    load: async () => (await import('./claims/Disputes.tsx')).Disputes,
  },
  {
    path: '/claims',
    menu: { label: 'claims.menu', icon: 'receipt', at: 'bar' },
    roles: ['insurer'],
    load: async () => (await import('./claims/ClaimDesk.tsx')).ClaimDesk,
  },
  {
    path: '/patients',
    menu: { label: 'patients.menu', icon: 'users-round', at: 'bar' },
    roles: CLINICIANS,
    words: 'home',
    load: async () => (await import('./patients/Patients.tsx')).Patients,
  },
  {
    path: '/patients/:handle/:tab?',
    title: 'chart.heading',
    roles: CLINICIANS,
    load: async () => (await import('./chart/ChartScreen.tsx')).ChartScreen,
  },
  {
    path: '/todo',
    menu: { label: 'orders.menu', icon: 'list-checks', at: 'bar' },
    roles: ['doctor', 'lab'],
    load: async () => (await import('./orders/ToDo.tsx')).ToDo,
  },
  {
    path: '/orders/:handle/:record',
    title: 'orders.menu',
    roles: ['doctor', 'lab'],
    load: async () => (await import('./orders/OrderPage.tsx')).OrderPage,
  },
  {
    path: '/beside',
    menu: { label: 'medicines.menu', icon: 'pill', at: 'side' },
    roles: ['doctor'],
    load: async () => (await import('./prescriptions/SecondDoctor.tsx')).SecondDoctor,
  },
  {
    path: '/vital',
    menu: { label: 'vital.menu', icon: 'scroll-text', at: 'side' },
    roles: ['doctor'],
    load: async () => (await import('./vital/VitalDesk.tsx')).VitalDesk,
  },
  {
    path: '/inbox',
    menu: { label: 'inbox.menu', icon: 'share-2', at: 'bar' },
    roles: ['insurer'],
    load: async () => (await import('./patients/ShownInbox.tsx')).ShownInbox,
  },
  {
    path: '/inbox/:right',
    title: 'inbox.menu',
    roles: ['insurer'],
    load: async () => (await import('./patients/ShownRecords.tsx')).ShownRecords,
  },
  {
    path: '/claims',
    menu: { label: 'claims.menu', icon: 'receipt', at: 'side' },
    roles: CLAIMANTS,
    load: async () => (await import('./claims/ClaimList.tsx')).ClaimList,
  },
  {
    path: '/claim/:handle',
    title: 'claims.new',
    roles: CLAIMANTS,
    load: async () => (await import('./claims/MakeClaim.tsx')).MakeClaim,
  },
  {
    path: '/claims/:claim',
    title: 'claims.menu',
    roles: ['patient', ...CLAIMANTS],
    load: async () => (await import('./claims/ClaimPage.tsx')).ClaimPage,
  },
  {
    path: '/ask/:handle?',
    title: 'patients.ask-whom',
    roles: READERS,
    load: async () => (await import('./patients/AskAccess.tsx')).AskAccess,
  },
  {
    path: '/asked',
    title: 'patients.asked',
    roles: READERS.filter((role) => role !== 'researcher'),
    load: async () => (await import('./patients/AskedFor.tsx')).AskedFor,
  },
  {
    path: '/card',
    menu: { label: 'emergency.menu', icon: 'id-card', at: 'more' },
    roles: ['patient'],
    load: async () => (await import('./card/ComposeCard.tsx')).ComposeCard,
  },
  {
    path: '/family',
    menu: { label: 'family.menu', icon: 'users-round', at: 'more' },
    roles: ['patient', ...READERS],
    acting: 'too',
    load: async () => (await import('./family/Family.tsx')).Family,
  },
  {
    path: '/mistakes',
    menu: { label: 'mistakes.menu', icon: 'message-square-warning', at: 'more' },
    roles: READERS,
    load: async () => (await import('./mistakes/Mistakes.tsx')).Mistakes,
  },
  {
    path: '/mistakes',
    title: 'mistakes.title',
    roles: ['patient'],
    load: async () => (await import('./mistakes/Mistakes.tsx')).Mistakes,
  },
  {
    path: '/acts',
    menu: { label: 'acts.menu', icon: 'rotate-ccw-clock', at: 'bar' },
    roles: READERS,
    load: async () => (await import('./evidence/OwnActs.tsx')).OwnActs,
  },
  {
    path: '/kept',
    menu: { label: 'kept.menu', icon: 'smartphone', at: 'more' },
    roles: ['patient', ...READERS],
    load: async () => (await import('./kept/Kept.tsx')).Kept,
  },
  {
    path: '/me',
    menu: { label: 'me.menu', icon: 'key-round', at: 'more' },
    load: async () => (await import('./me/Me.tsx')).Me,
  },
  {
    path: '/me/keys/:what?',
    title: 'keys.title',
    load: async () => (await import('./keys/KeyScreen.tsx')).KeyScreen,
  },
  {
    path: '/verify',
    menu: { label: 'verify.menu', icon: 'badge-check', at: 'more' },
    open: true,
    load: async () => (await import('./verify/Verify.tsx')).Verify,
  },
  {
    path: '/explorer',
    menu: { label: 'explorer.menu', icon: 'network', at: 'more' },
    open: true,
    load: async () => (await import('./explorer/ExplorerScreen.tsx')).ExplorerScreen,
  },
  {
    path: '/explorer/block/:block',
    title: 'explorer.block',
    open: true,
    load: async () => (await import('./explorer/BlockScreen.tsx')).BlockScreen,
  },
  {
    path: '/explorer/tx/:hash',
    title: 'explorer.transaction',
    open: true,
    load: async () => (await import('./explorer/TransactionScreen.tsx')).TransactionScreen,
  },
  {
    path: '/explorer/find/:hex',
    title: 'explorer.found',
    open: true,
    load: async () => (await import('./explorer/FindScreen.tsx')).FindScreen,
  },
  {
    path: '/explorer/log/:channel/:organisation',
    title: 'explorer.log',
    open: true,
    load: async () => (await import('./explorer/LogScreen.tsx')).LogScreen,
  },
  {
    path: '/explorer/log/:channel/:organisation/:index',
    title: 'explorer.entry',
    open: true,
    load: async () => (await import('./explorer/EntryScreen.tsx')).EntryScreen,
  },
  {
    path: '/operator',
    title: 'operator.title',
    open: true,
    load: async () => (await import('./operator/NodeScreen.tsx')).NodeScreen,
  },
];

/** Returns the word that the title of the page says for a screen. */
export function titleOfScreen({ menu, title }: ScreenEntry): WordKey {
  return menu === undefined ? title : menu.label;
}

/**
 * Tells whether a person has a screen, or a visitor without a key.
 *
 * @param screen - The screen.
 * @param session - The person's; undefined for a visitor.
 */
export function isFor(
  screen: ScreenEntry,
  session: { readonly role?: Role; readonly acting?: Pick<ActingHere, 'mandate'> } | undefined,
): boolean {
  if ('open' in screen) return true;
  if (session === undefined) return false;
  if (session.acting !== undefined) {
    const { audit } = session.acting.mandate.terms;
    return screen.acting !== undefined && (screen.acting !== 'audit' || audit);
  }
  if (screen.acting === 'alone') return false;
  return screen.roles === undefined || screen.roles.some((role) => role === session.role);
}
