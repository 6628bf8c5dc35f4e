import { Button, CloseButton, FileButton, Progress } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { FileUp } from 'lucide-react'
import { useState, type DragEvent } from 'react'
import classes from './upload-panel.module.css'
import { useUploads, type Upload } from './use-uploads'

const accepted = 'application/pdf,image/png,image/jpeg,image/tiff'

/** Where documents are dropped or chosen, and how each one fares. */
export function UploadPanel() {
  const { uploads, send, dismiss } = useUploads()
  const [over, setOver] = useState(false)

  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void send([...event.dataTransfer.files])
  }

  return (
    <section aria-label="Add documents">
      <div
        className={classes.target}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => {
          setOver(false)
        }}
        onDrop={drop}
      >
        <FileUp size={22} aria-hidden="true" className={classes.icon} />
        <p className={classes.words}>
          <strong>Drop reports here</strong>
          <span>PDF, PNG, JPEG or TIFF, up to 20 MB each</span>
        </p>
        <FileButton
          multiple
          accept={accepted}
          inputProps={{ 'aria-label': 'Choose documents to add' }}
          onChange={(files) => void send(files)}
        >
          {(props) => <Button {...props}>Choose files</Button>}
        </FileButton>
      </div>
      {uploads.length > 0 && (
        <ul className={classes.uploads} aria-label="Uploads" aria-live="polite">
          {uploads.map((upload) => (
            <li key={upload.key} className={classes.upload}>
              <span className={classes.filename}>{upload.filename}</span>
              <Outcome upload={upload} />
              {upload.state !== 'sending' && (
                <CloseButton
                  size="sm"
                  aria-label={`Clear ${upload.filename} from the list of uploads`}
                  onClick={() => {
                    dismiss(upload.key)
                  }}
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Outcome({ upload }: { upload: Upload }) {
  switch (upload.state) {
    case 'sending': {
      const percent = Math.round(upload.share * 100)
      return (
        <span className={classes.progress}>
          <Progress value={percent} aria-label={`Sending ${upload.filename}`} />
          <span>{percent} %</span>
        </span>
      )
    }
    case 'received': {
      const { id, duplicate_of: earlier } = upload.document
      return (
        <span className={classes.received}>
          {earlier === null ? 'Received.' : 'This file was received before.'}{' '}
          <Link to="/inbox/$documentId" params={{ documentId: earlier ?? id }}>
            Open {upload.filename}
          </Link>
        </span>
      )
    }
    case 'refused':
      return <span className={classes.refused}>Not received: {upload.message}</span>
  }
}
