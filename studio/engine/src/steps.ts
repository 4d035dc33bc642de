// What changes a document: operations applied together, or one of them taken back or done again.
import type {Operation} from './types';

export type Step = {operations: Operation[]; merge: string} | 'undo' | 'redo';

export function isStep(value: unknown): value is Step {
  if (value === 'undo' || value === 'redo') return true;
  return typeof value === 'object' && value !== null && Array.isArray((value as {operations?: unknown}).operations);
}
