import {FileDiff, FilePlus2, FolderOpen, Images, Save, Share2} from 'lucide-react';
import {compareWithPicker, copyLink, newDocument, openWithPicker, saveAs} from '../session/files';
import type {Command} from './command';

export const fileCommands: Command[] = [
  {id: 'newFile', label: 'action.newFile', group: 'group.file', icon: FilePlus2, run: newDocument},
  {id: 'open', label: 'action.open', group: 'group.file', icon: FolderOpen, shortcut: 'Mod+O', run: openWithPicker},
  {id: 'gallery', label: 'document.gallery', group: 'group.file', icon: Images, run: session => session.showDialog({kind: 'gallery'})},
  {id: 'save', label: 'action.save', group: 'group.file', icon: Save, shortcut: 'Mod+S', run: session => saveAs(session, 'flx')},
  {id: 'saveState', label: 'action.saveState', group: 'group.file', icon: Save, run: session => saveAs(session, 'flx with state')},
  {
    id: 'saveText',
    label: 'action.saveText',
    group: 'group.file',
    icon: Save,
    shortcut: 'Mod+Shift+S',
    run: session => saveAs(session, 'text'),
  },
  {id: 'share', label: 'action.share', group: 'group.file', icon: Share2, run: copyLink},
  {id: 'compare', label: 'action.compare', group: 'group.file', icon: FileDiff, run: compareWithPicker},
];
