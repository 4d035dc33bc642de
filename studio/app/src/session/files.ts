import {exampleNames, LONGEST_SAFE_LINK, type SaveForm, shareLink} from '@flux/engine';
import {t} from '../i18n';
import {writeClipboard} from './clipboard';
import {compareWith} from './compare';
import {Documents} from './documents';
import type {Session} from './session';

/** In the order in which they are best looked at. */
const order = [
  'reflex_arc',
  'coincidence_detector',
  'bursting',
  'habituation',
  'central_pattern_generator',
  'hexapod',
  'winner_take_all',
  'classical_conditioning',
  'electric_chain',
  'reservoir',
  'ring_attractor',
];

/** All examples that the studio carries; those that the order does not know come last. */
export const examples: readonly string[] = [
  ...order.filter(name => exampleNames.includes(name)),
  ...exampleNames.filter(name => !order.includes(name)),
];

const emptyCircuit = (title: string) => JSON.stringify({flux: 1, title});

export async function newDocument(session: Session): Promise<void> {
  await session.open({text: emptyCircuit(t('app.untitled'))});
}

export async function openExample(session: Session, name: string): Promise<void> {
  await session.open({example: name});
}

export async function openFile(session: Session, file: File): Promise<void> {
  await session.open({bytes: new Uint8Array(await file.arrayBuffer()), name: file.name});
}

export function openWithPicker(session: Session): void {
  pickFile(file => void openFile(session, file));
}

export function compareWithPicker(session: Session): void {
  pickFile(async file => {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      session.state.set({comparison: await compareWith(session, {bytes, name: file.name}, file.name)});
    } catch (error) {
      session.fail(error);
    }
  });
}

function pickFile(take: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.flx,.json,.jsonc,application/json';
  input.hidden = true;
  // In the page: what nobody holds may be collected, and the dialog or its answer with it.
  document.body.append(input);
  input.oncancel = () => input.remove();
  input.onchange = () => {
    input.remove();
    const file = input.files?.[0];
    if (file) take(file);
  };
  input.click();
}

export async function saveAs(session: Session, form: SaveForm): Promise<void> {
  try {
    const {serverFile} = session;
    if (serverFile && form !== 'flx with state') {
      const {editsDone} = session.state.get();
      await serverFile.save(await session.client.save(serverFile.name.endsWith('.flx') ? 'flx' : 'text'));
      session.editsInFile = editsDone;
      Documents.forgetUnsaved();
      session.inform(t('document.savedTo', {name: serverFile.name}));
      return;
    }
    if (form === 'flx with state') await session.settle();
    const bytes = await session.client.save(form);
    const title = session.state.get().info?.title || t('app.untitled');
    download(bytes, fileName(title, form === 'text' ? 'json' : 'flx'), form === 'text' ? 'application/json' : 'application/octet-stream');
  } catch (error) {
    session.fail(error);
  }
}

export async function copyLink(session: Session): Promise<void> {
  try {
    const link = shareLink(location.href, new TextDecoder().decode(await session.client.save('text')));
    if (link.length > LONGEST_SAFE_LINK) {
      session.inform(t('document.sharedBig', {size: Math.ceil(link.length / 1024)}));
      return;
    }
    if (await writeClipboard(link)) session.inform(t('document.shared'));
    else session.warn(t('error.clipboard'), t('error.clipboardFix'));
  } catch (error) {
    session.fail(error);
  }
}

export function download(content: Uint8Array | string | Blob, name: string, type: string): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content as BlobPart], {type}));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function fileName(title: string, extension: string): string {
  const stem = title
    .trim()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return `${stem || 'circuit'}.${extension}`;
}
