import type {StoredDocument} from '@flux/engine';
import {Trash2} from 'lucide-react';
import {useEffect, useState} from 'react';
import {useSession} from '../context';
import {getLocale, t, titleText} from '../i18n';
import {exampleHelp, exampleTitle} from '../panels/Explorer';
import {examples, openExample} from '../session/files';
import {IconButton} from '../widgets/IconButton';
import {Thumbnail} from '../widgets/Thumbnail';
import {ModalDialog} from './ModalDialog';

/** The circuits of this browser, and the examples, as pictures. */
export function Gallery() {
  const session = useSession();
  const [documents, setDocuments] = useState<StoredDocument[]>([]);
  const load = () => void session.documents?.list().then(setDocuments);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once, when it opens
  useEffect(() => load(), []);
  const close = () => session.showDialog(null);

  const open = async (document: StoredDocument) => {
    close();
    const outcome = await session.documents!.openKept(document.id);
    if (outcome === 'elsewhere') {
      session.ask(t('document.elsewhere'), t('document.takeOver'), () => void session.documents!.openKept(document.id, true));
    }
  };
  const remove = async (document: StoredDocument) => {
    await session.documents!.remove(document.id);
    session.inform(t('document.deleted', {title: titleText(document.title)}));
    load();
  };
  return (
    <ModalDialog title={t('document.gallery')} className="wide" onClose={close}>
      <div className="gallery">
        <h3>{t('document.recent')}</h3>
        {documents.length === 0 && <p className="hint">{t('document.noRecent')}</p>}
        <ul className="recent">
          {documents.map(document => (
            <li key={document.id} className="row">
              <button
                type="button"
                className="list-button grow"
                aria-label={t('document.openThis', {title: titleText(document.title)})}
                onClick={() => void open(document)}
              >
                <span className="grow">{titleText(document.title)}</span>
                <span className="hint">{new Date(document.time).toLocaleString(getLocale())}</span>
              </button>
              <IconButton
                icon={Trash2}
                size={14}
                label={t('document.deleteThis', {title: titleText(document.title)})}
                onPress={() => void remove(document)}
              />
            </li>
          ))}
        </ul>
        <h3>{t('explorer.examples')}</h3>
        <ul className="cards">
          {examples.map(name => (
            <li key={name}>
              <button
                type="button"
                className="example-card"
                onClick={() => {
                  close();
                  void openExample(session, name);
                }}
              >
                <Thumbnail source={{example: name}} width={220} height={120} />
                <strong>{exampleTitle(name)}</strong>
                <span className="hint">{exampleHelp(name)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </ModalDialog>
  );
}
