import type { LinkSeen } from '../../api/shapes'

type State = LinkSeen['state']
type Act = 'confirm' | 'cancel' | 'late' | 'stop' | 'accept' | 'decline'

interface LinkWords {
  titles: Record<State, string>
  acts: Record<Act, string>
  asks: Record<LinkSeen['purpose'], string>
  move: string
  stay: string
  keptUntil: (text: string) => string
  own: (text: string) => string
  kindLoss: string
  late: string
  minutes: (count: number) => string
}

const en: LinkWords = {
  titles: {
    booked: 'Your visit',
    confirmed: 'Thank you: we expect you',
    cancelled: 'Your visit is cancelled',
    awaiting: 'Choose a new time for your visit',
    offered: 'An earlier time is free',
    declined: 'Thank you. We offer it to somebody else',
    'told-late': 'We have told the clinic',
    stopped: 'We will not write to this address again',
  },
  acts: {
    confirm: 'Yes, I will come',
    cancel: 'Cancel this visit',
    late: 'Tell the clinic that I cannot come',
    stop: 'Stop messages to this address',
    accept: 'Yes, I take this time',
    decline: 'No, thank you',
  },
  asks: {
    confirm: 'Will you come?',
    cancel: 'Do you want to cancel this visit?',
    move: 'Choose another time for your visit',
    choose: 'Choose a new time for your visit',
    offer: 'Would you like this time?',
    stop: 'Stop messages to this address?',
  },
  move: 'Move my visit here',
  stay: 'Nothing changes until you press a button.',
  keptUntil: (text) => `We keep it for you until ${text}.`,
  own: (text) => `${text} where you are`,
  kindLoss: 'You keep your place on the waiting list, and we write again when a time is free.',
  late: 'It is too late to change this visit here, but you can still tell us.',
  minutes: (count) => `${count} minutes`,
}

const es: LinkWords = {
  titles: {
    booked: 'Su cita',
    confirmed: 'Gracias: le esperamos',
    cancelled: 'Su cita está anulada',
    awaiting: 'Elija otra hora para su cita',
    offered: 'Hay una hora libre antes',
    declined: 'Gracias. Se la ofrecemos a otra persona',
    'told-late': 'Hemos avisado a la clínica',
    stopped: 'No volveremos a escribir a esta dirección',
  },
  acts: {
    confirm: 'Sí, iré',
    cancel: 'Anular esta cita',
    late: 'Avisar a la clínica de que no puedo ir',
    stop: 'No enviar más mensajes a esta dirección',
    accept: 'Sí, quiero esta hora',
    decline: 'No, gracias',
  },
  asks: {
    confirm: '¿Vendrá?',
    cancel: '¿Quiere anular esta cita?',
    move: 'Elija otra hora para su cita',
    choose: 'Elija otra hora para su cita',
    offer: '¿Quiere esta hora?',
    stop: '¿No enviar más mensajes a esta dirección?',
  },
  move: 'Cambiar mi cita a esta hora',
  stay: 'Nada cambia hasta que pulse un botón.',
  keptUntil: (text) => `Se la guardamos hasta: ${text}.`,
  own: (text) => `${text} donde está usted`,
  kindLoss:
    'Conserva su lugar en la lista de espera y le escribiremos cuando haya otra hora libre.',
  late: 'Ya es tarde para cambiar esta cita aquí, pero aún puede avisarnos.',
  minutes: (count) => `${count} minutos`,
}

/** The words of pages that a message's link opens. */
export function linkWordsIn(language: 'en' | 'es'): LinkWords {
  return language === 'es' ? es : en
}
