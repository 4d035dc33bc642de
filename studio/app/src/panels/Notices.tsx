import {CircleAlert, Info, X} from 'lucide-react';
import {useSession, useStudio} from '../context';
import {engineText, t} from '../i18n';
import {Icon} from '../widgets/Icon';
import {IconButton} from '../widgets/IconButton';

/** What happened, at the lower edge of the canvas: errors stay until they are closed. */
export function Notices() {
  const session = useSession();
  const notices = useStudio(state => state.notices);
  return (
    <div className="notices" aria-live="polite">
      {notices.map(notice => (
        <div key={notice.id} className={`notice ${notice.kind}`} role={notice.kind === 'error' ? 'alert' : 'status'}>
          <Icon of={notice.kind === 'error' ? CircleAlert : Info} />
          <div>
            {notice.heading && <strong>{notice.heading}</strong>}
            <div>{engineText(notice.text)}</div>
            {notice.where && <div className="hint">{t('error.where', {where: engineText(notice.where)})}</div>}
            {notice.fix && <div className="hint">{t('error.fix', {fix: engineText(notice.fix)})}</div>}
            {notice.act && (
              <button
                type="button"
                className="button outlined small notice-action"
                onClick={() => {
                  notice.act!();
                  session.dismiss(notice.id);
                }}
              >
                {notice.action}
              </button>
            )}
          </div>
          <IconButton icon={X} size={14} label={t('action.close')} onPress={() => session.dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}

/** In the place of the canvas while the engine is down. */
export function CrashScreen() {
  const session = useSession();
  const status = useStudio(state => state.status);
  if (status !== 'crashed') return null;
  return (
    <div className="crash" role="alertdialog" aria-labelledby="crash-title" aria-describedby="crash-text">
      <Icon of={CircleAlert} size={28} />
      <h2 id="crash-title">{t('error.crash')}</h2>
      <p id="crash-text">{t('error.crashFix')}</p>
      {/* biome-ignore lint/a11y/noAutofocus: the one thing there is to do */}
      <button type="button" className="button primary" autoFocus onClick={() => void session.restart()}>
        {t('action.reload')}
      </button>
    </div>
  );
}
