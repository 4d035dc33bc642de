import {useState} from 'react';
import {useSession, useStudio} from '../context';
import {t} from '../i18n';
import {useOrgans} from '../organs/context';
import {organDefinition} from '../organs/definitions';
import {OrganFace} from '../organs/OrganFace';
import {parentPath} from '../session/session';
import {useStore} from '../store';
import {Icon} from '../widgets/Icon';
import {Segmented} from '../widgets/Segmented';
import {setOrgan} from './inspector/change';
import {OrganSettingsForm} from './inspector/OrganInspector';

/** All organs, or those of the circuit that is shown: each with its face and, unfolded, its settings. */
export function OrganRack() {
  const session = useSession();
  const runtime = useOrgans();
  const organs = useStore(runtime.state, state => state.organs);
  const active = useStudio(state => state.active);
  const opened = useStudio(state => state.opened);
  const [scope, setScope] = useState<'all' | 'here'>('all');
  if (organs.length === 0) {
    return (
      <div className="empty">
        <p>{t('organ.rackEmpty')}</p>
        <button type="button" className="button outlined" onClick={() => session.state.set({leftOpen: true, leftTab: 'explorer'})}>
          {t('panel.explorer')}
        </button>
      </div>
    );
  }
  const shown = scope === 'all' ? organs : organs.filter(organ => parentPath(organ.path) === active);
  return (
    <>
      <section className="section">
        <Segmented
          label={t('panel.organs')}
          value={scope}
          options={[
            {value: 'all', label: t('organ.all')},
            {value: 'here', label: t('organ.here')},
          ]}
          onChange={setScope}
        />
      </section>
      {shown.map(organ => {
        const definition = organDefinition(organ.node.type);
        return (
          <section key={`${opened} ${organ.path}`} className="section organ" aria-label={organ.path}>
            <button type="button" className="list-button organ-name" onClick={() => void session.reveal(organ.path)}>
              {definition && <Icon of={definition.icon} />}
              <span className="grow">{organ.path}</span>
              <span className="hint">{definition ? t(definition.title) : organ.node.type}</span>
            </button>
            <OrganFace organ={organ} />
            {definition && organ.in !== null && (
              <details>
                <summary>{t('panel.settings')}</summary>
                <OrganSettingsForm node={organ.node} onChange={settings => setOrgan(session, organ.in!, organ.node.id, settings)} />
              </details>
            )}
          </section>
        );
      })}
    </>
  );
}
