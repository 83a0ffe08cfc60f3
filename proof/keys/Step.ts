import type { Action, Category } from '../../src/protocol/vocabulary.ts';

/** Categories that sequences use. */
export const USED = ['laboratory', 'vitals', 'medications', 'other'] as const;

/** Numbers of patients and of grantees in a sequence. */
export const [PATIENTS, GRANTEES] = [2, 4];

/** Death of a device: at a call to its node or its own memory, before the call or after it. */
export interface Death {
  /** The first call is 1. A device that makes fewer calls lives. */
  readonly call: number;
  readonly done: boolean;
}

/** Action of a device of a patient. */
export interface DeviceStep {
  /** Number of the patient. */
  readonly patient: number;
  /** Number of the patient's device, taken modulo their number. */
  readonly device: number;
  readonly dies?: Death;
}

/** Fault of the one organisation at which nobody has a device. */
export const TROUBLES = ['well', 'away', 'forgets', 'stale', 'rubbish'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** The patient gives a right. */
export interface GrantStep extends DeviceStep {
  readonly do: 'grant';
  /** Number of the grantee. */
  readonly grantee: number;
  readonly categories: readonly Category[];
  readonly actions: readonly Action[];
  /** Seconds until it begins, and for which it holds then. */
  readonly from: number;
  readonly lasting: number;
  /** Number of the record, if it is to one record alone; taken modulo their number. */
  readonly one?: number;
  /** The agent has all nodes keep it with its packet, says that it failed, and keeps it from the ledger. */
  readonly withheld?: boolean;
}

/**
 * One step of a sequence. It names its objects by numbers that are taken modulo how many there are, so that it means
 * something whatever steps before it are left out; without such an object it does nothing.
 */
export type Step =
  | (DeviceStep & { readonly do: 'add'; readonly category: Category })
  | (DeviceStep & { readonly do: 'amend'; readonly which: number })
  | {
      readonly do: 'write';
      readonly right: number;
      readonly category: number;
      readonly amend: number;
    }
  | GrantStep
  | (DeviceStep & { readonly do: 'revoke'; readonly which: number })
  | (DeviceStep & { readonly do: 'refresh' })
  | (DeviceStep & { readonly do: 'accept' })
  /** The category of one of the records. */
  | (DeviceStep & { readonly do: 'erase'; readonly which: number })
  /** Another device, from the words; `alone` if all others are lost. */
  | { readonly do: 'restore'; readonly patient: number; readonly alone: boolean }
  /** The patient changes the key, and a thief has the former one. */
  | { readonly do: 'renew'; readonly patient: number; readonly which: number }
  /** A lying agent puts all grants on the ledger that it withheld. */
  | { readonly do: 'place' }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'suspend' | 'lift' | 'change'; readonly grantee: number }
  | { readonly do: 'trouble'; readonly trouble: Trouble };
