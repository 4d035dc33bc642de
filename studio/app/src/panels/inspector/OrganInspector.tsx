import type {NodeView} from '@flux/engine';
import {useId} from 'react';
import {useSession, useStudio} from '../../context';
import {t} from '../../i18n';
import {useOrgans} from '../../organs/context';
import {isVariable, type OrganSetting, type OrganSettings, organDefinition, writtenSettings} from '../../organs/definitions';
import {OrganFace} from '../../organs/OrganFace';
import {checkId} from '../../session/operations';
import {childPath} from '../../session/session';
import {useStore} from '../../store';
import {TextField} from '../../widgets/TextField';
import {Connections} from './Connections';
import {changeNodes, renameNode} from './change';

export function OrganInspector({node}: {node: NodeView}) {
  const session = useSession();
  const view = useStudio(state => state.view)!;
  const path = childPath(view.path, node.id);
  const runtime = useOrgans();
  const live = useStore(runtime.state, state => state.organs).find(organ => organ.path === path);
  const definition = organDefinition(node.type);
  const check = (id: string) => {
    const problem = checkId(view, id, node.id);
    return problem && t(problem, {name: id});
  };
  return (
    <>
      <section className="section">
        <h2>{definition ? t(definition.title) : t('inspector.organ')}</h2>
        <p className="help">{definition ? t(definition.help) : t('organ.unknown', {type: node.type ?? ''})}</p>
        <TextField label={t('inspector.id')} value={node.id} check={check} onCommit={to => void renameNode(session, view, node, to)} />
        {live && definition && <OrganFace organ={live} />}
      </section>
      {definition && (
        <section className="section">
          <h2>{t('panel.settings')}</h2>
          <OrganSettingsForm node={node} onChange={settings => changeNodes(session, [node], 'settings', settings, true)} />
        </section>
      )}
      <Connections node={node} />
    </>
  );
}

/** A form made of what the organ declares. */
export function OrganSettingsForm({node, onChange}: {node: NodeView; onChange: (settings: OrganSettings) => void}) {
  const definition = organDefinition(node.type);
  if (!definition) return null;
  const values = writtenSettings(definition, node);
  return (
    <>
      {definition.settings.map(setting => (
        <SettingField
          key={setting.name}
          setting={setting}
          value={values[setting.name]!}
          onChange={value => onChange({...values, [setting.name]: value})}
        />
      ))}
    </>
  );
}

function SettingField({
  setting,
  value,
  onChange,
}: {
  setting: OrganSetting;
  value: string | number;
  onChange: (value: string | number) => void;
}) {
  const id = useId();
  if (setting.kind === 'text') return <TextField label={t(setting.label)} value={String(value)} onCommit={onChange} />;
  if (setting.kind === 'key') {
    return (
      <div className="field">
        <label htmlFor={id}>{t(setting.label)}</label>
        <input
          id={id}
          className="input"
          value={String(value)}
          readOnly
          onKeyDown={event => {
            if (event.key.length !== 1 || event.key === ' ') return;
            event.preventDefault();
            onChange(event.key.toUpperCase());
          }}
        />
      </div>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        {t(setting.label)}
        {setting.unit && <span className="unit">{t(setting.unit)}</span>}
      </label>
      <input
        key={value}
        id={id}
        className="input"
        type="text"
        inputMode="numeric"
        defaultValue={value}
        title={t('environment.use')}
        onBlur={event => {
          const text = event.target.value.trim();
          if (isVariable(text)) return text !== value && onChange(text);
          const next = Math.round(Number(event.target.value));
          const clamped = Math.min(setting.max ?? next, Math.max(setting.min ?? next, next));
          if (text !== '' && Number.isFinite(next) && clamped !== value) onChange(clamped);
          else event.target.value = String(value);
        }}
        onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </div>
  );
}
