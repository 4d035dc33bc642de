import {X} from 'lucide-react';
import type {ReactNode} from 'react';
import {Dialog, Heading, Modal, ModalOverlay} from 'react-aria-components';
import {t} from '../i18n';
import {IconButton} from '../widgets/IconButton';

/** A window over everything: the keyboard stays inside, Escape or a click beside it leaves. */
export function ModalDialog({
  title,
  className = '',
  onClose,
  children,
}: {
  title: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <ModalOverlay isOpen isDismissable className="overlay" data-modal-open onOpenChange={isOpen => !isOpen && onClose()}>
      <Modal className={`modal ${className}`}>
        <Dialog className="modal-dialog" aria-label={title}>
          <div className="modal-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon={X} label={t('action.close')} shortcut="Esc" onPress={onClose} />
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
