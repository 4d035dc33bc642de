// A circuit in a link: its text, deflated, behind the '#' of the address, which browsers send to no server.
import {deflateSync, inflateSync, strFromU8, strToU8} from 'fflate';
import {EngineError} from './types';

const NAME = 'circuit=';
/** Longest text that a link may unfold to: what comes from elsewhere may be a bomb. */
const MOST_BYTES = 16 << 20;
/** Characters of a link that mail programs and messengers pass on unharmed. */
export const LONGEST_SAFE_LINK = 32_000;

/** The link that opens this circuit at `page` (an address; what it has behind '#' is replaced). */
export function shareLink(page: string, text: string): string {
  return `${page.split('#')[0]}#${NAME}${toBase64Url(deflateSync(strToU8(text), {level: 9}))}`;
}

/** Whether a fragment carries a circuit. */
export function isShareLink(fragment: string): boolean {
  return partOf(fragment) !== undefined;
}

function partOf(fragment: string): string | undefined {
  return fragment
    .replace(/^#/, '')
    .split('&')
    .find(candidate => candidate.startsWith(NAME));
}

/** The circuit's text that a fragment ('#circuit=...') carries; undefined when it carries none. Throws an EngineError when it is damaged. */
export function sharedText(fragment: string): string | undefined {
  const part = partOf(fragment);
  if (part === undefined) return undefined;
  const damaged = () =>
    new EngineError({
      what: 'the link to this circuit is damaged',
      where: 'address',
      fix: 'copy the whole link, or ask for it again',
      code: 'badLink',
    });
  let text: Uint8Array;
  try {
    text = inflateSync(fromBase64Url(part.slice(NAME.length)), {out: new Uint8Array(MOST_BYTES)});
  } catch {
    throw damaged();
  }
  if (text.length === 0 || text.length === MOST_BYTES) throw damaged();
  return strFromU8(text);
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}
