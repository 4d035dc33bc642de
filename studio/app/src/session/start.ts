import {ServerFile, sharedText} from '@flux/engine';
import {t} from '../i18n';
import {startTour, wasToured} from '../tour';
import {Documents} from './documents';
import {examples, openExample} from './files';
import type {Session} from './session';

/** What shows first: the file or circuit of the address, else what was last worked on, else an example that is alive. */
export async function openFirst(session: Session): Promise<void> {
  if (await openServed(session, location.hash)) return;
  if (await openLink(session, location.hash)) return;
  const example = new URL(location.href).searchParams.get('example');
  const last = Documents.last();
  if (example === null && last !== null) {
    const outcome = await session.documents!.openKept(last).catch(() => 'gone' as const);
    if (outcome === 'open') return session.inform(t('document.recovered'));
    if (outcome === 'elsewhere')
      session.ask(t('document.elsewhere'), t('document.takeOver'), () => void session.documents!.openKept(last, true));
  }
  await openExample(session, example ?? examples[0]!);
  if (!wasToured() && !navigator.webdriver) startTour(session);
}

/** Opens the circuit that the address carries. False: it carries none, or a damaged one. */
async function openLink(session: Session, hash: string): Promise<boolean> {
  try {
    const text = sharedText(hash);
    return text !== undefined && (await session.open({text}));
  } catch (error) {
    session.fail(error);
    return false;
  }
}

/** The file that `flux studio FILE` was started with; saving goes back to it. */
async function openServed(session: Session, hash: string): Promise<boolean> {
  const file = ServerFile.of(hash);
  if (!file) return false;
  try {
    if (!(await session.open({bytes: await file.read(), name: file.name}))) return false;
    session.serverFile = file;
    const unsaved = Documents.unsaved(file.name);
    if (unsaved) {
      session.ask(t('document.unsaved', {name: file.name}), t('document.goOn'), async () => {
        if ((await session.documents!.openKept(unsaved, true)) === 'open') Object.assign(session, {serverFile: file, editsInFile: -1});
      });
    }
    return true;
  } catch (error) {
    session.fail(error);
    return false;
  }
}

/** Files that are dropped anywhere open. */
export function listenToDrops(openFile: (file: File) => void, setDragging: (isDragging: boolean) => void): () => void {
  const stop = new AbortController();
  const {signal} = stop;
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener(
    'dragover',
    event => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setDragging(true);
    },
    {signal},
  );
  addEventListener('dragleave', event => event.relatedTarget === null && setDragging(false), {signal});
  addEventListener(
    'drop',
    event => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setDragging(false);
      const file = event.dataTransfer?.files[0];
      if (file) openFile(file);
    },
    {signal},
  );
  return () => stop.abort();
}
