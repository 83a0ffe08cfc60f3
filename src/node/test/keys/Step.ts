import type { Action, Category } from '../../../protocol/vocabulary.ts';

/** Categories that sequences use. */
export const USED = ['laboratory', 'vitals', 'medications', 'other'] as const;

/** How many patients a sequence is about, and how many grantees. */
export const [PATIENTS, GRANTEES] = [2, 4];

/** Where a device dies: at a call of it to its node or its own memory, before the call or when it is done. */
export interface Death {
  /** The first call is 1. A device that makes fewer calls lives. */
  readonly call: number;
  readonly done: boolean;
}

/** What a device of a patient does. */
export interface DeviceStep {
  /** Number of the patient. */
  readonly patient: number;
  /** Which of the patient's devices; any number. */
  readonly device: number;
  readonly dies?: Death;
}

/** What goes wrong with the one organisation at which nobody has a device. */
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
  /** Where it is to one record alone: which one; any number. */
  readonly one?: number;
  /** The agent has all nodes keep it with its packet, says that it failed, and keeps it from the ledger. */
  readonly withheld?: boolean;
}

/**
 * One step of a sequence. What it is about is named by numbers that count modulo what there is, so that a step means
 * something whatever steps before it are left out; if there is nothing of the kind, it does nothing.
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
  /** Another device, from the words; `alone` where all others are lost. */
  | { readonly do: 'restore'; readonly patient: number; readonly alone: boolean }
  /** A lying agent puts all grants on the ledger that it withheld. */
  | { readonly do: 'place' }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'suspend' | 'lift' | 'change'; readonly grantee: number }
  | { readonly do: 'trouble'; readonly trouble: Trouble };
