import { Button, Group, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowLeftRight } from 'lucide-react'
import { useState } from 'react'
import { api, client } from '../../api/client'
import { asFailure } from '../../api/errors'
import { loaded } from '../../api/loaded'
import type { MergePreview, PatientLine } from '../../api/shapes'
import { Card } from '../../ui/card'
import { useClinic } from '../../ui/clinic-context'
import { staffDate } from '../../ui/dates'
import { LoadedView } from '../../ui/loaded-view'
import { fullName, listName, sexWord } from '../../ui/person-name'
import { Waiting } from '../../ui/waiting'
import classes from './registration.module.css'

interface MergeReviewProps {
  gone: string
  into: string
  onSwap: () => void
}

/** Two records side by side, what a merge would move, and taking it back. */
export function MergeReview({ gone, into, onSwap }: MergeReviewProps) {
  const preview = loaded(
    api.useQuery('get', '/api/patients/{patient_id}/merge', {
      params: { path: { patient_id: gone }, query: { into } },
    }),
  )
  return (
    <div className={classes.page}>
      <h1>Merge two records</h1>
      <LoadedView loaded={preview} subject="The preview" loading={<Waiting rows={4} />}>
        {(found) => <Review key={`${gone}-${into}`} preview={found} onSwap={onSwap} />}
      </LoadedView>
    </div>
  )
}

function Person({ title, patient }: { title: string; patient: PatientLine }) {
  const { zone } = useClinic()
  return (
    <Card title={title}>
      <p className={classes.name}>{fullName(patient)}</p>
      <p className={classes.facts}>
        Born {patient.birth_date ? staffDate(patient.birth_date, zone) : 'not recorded'}
      </p>
      <p className={classes.facts}>{sexWord(patient.sex)}</p>
      <p className={classes.facts}>{patient.record_number ?? 'No record number'}</p>
    </Card>
  )
}

function Review({ preview, onSwap }: { preview: MergePreview; onSwap: () => void }) {
  const { gone, into } = preview
  const [reason, setReason] = useState('')
  const cache = useQueryClient()
  const onSettled = () => cache.invalidateQueries({ queryKey: ['get', '/api/patients'] })
  const merge = useMutation({
    mutationFn: async () =>
      (
        await client.POST('/api/patients/{patient_id}/merge', {
          params: { path: { patient_id: gone.id } },
          body: { into: into.id, reason: reason.trim() },
        })
      ).data,
    onSettled,
  })
  const undo = useMutation({
    mutationFn: (id: string) =>
      client.POST('/api/merges/{merge_id}/undo', {
        params: { path: { merge_id: id } },
        body: { reason: 'Taken back at the desk' },
      }),
    onSettled,
  })
  const merged = merge.data
  const failure = merge.error ?? undo.error
  return (
    <>
      <div className={classes.two}>
        <Person title="This record is given up" patient={gone} />
        <Person title="This record stays" patient={into} />
      </div>
      <Card title="What moves">
        <dl className={classes.counts}>
          <dt>Entries of the record</dt>
          <dd>{preview.moves}</dd>
          <dt>Visits among them</dt>
          <dd>{preview.visits}</dd>
          <dt>Sign-ins</dt>
          <dd>{preview.accounts}</dd>
        </dl>
        {preview.is_open && (
          <p className={classes.problem}>
            Something waits for a decision about the record that is given up: settle that first.
          </p>
        )}
      </Card>
      {failure !== null && (
        <p className={classes.problem} role="alert">
          {asFailure(failure).message}
        </p>
      )}
      {merged === undefined ? (
        <>
          <Textarea
            label="Why they are the same person"
            autosize
            minRows={1}
            maxLength={500}
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value)
            }}
          />
          <Group justify="space-between">
            <Button
              variant="default"
              leftSection={<ArrowLeftRight size={16} aria-hidden="true" />}
              onClick={onSwap}
            >
              Keep the other record
            </Button>
            <Button
              color="red.9"
              disabled={preview.is_open || reason.trim().length < 3}
              loading={merge.isPending}
              onClick={() => {
                merge.mutate()
              }}
            >
              Merge {listName(gone)} into {into.record_number ?? listName(into)}
            </Button>
          </Group>
        </>
      ) : (
        <Group>
          <p role="status">
            {undo.isSuccess
              ? 'The two records are parted again, each as it was.'
              : `Merged: ${merged.moved} entries moved. What came to the record since would stay.`}
          </p>
          {!undo.isSuccess && (
            <Button
              variant="default"
              loading={undo.isPending}
              onClick={() => {
                undo.mutate(merged.id)
              }}
            >
              Take the merge back
            </Button>
          )}
        </Group>
      )}
    </>
  )
}
