/** The words of booking without an account, in the languages it speaks. */

export type Language = 'en' | 'es'

const en = {
  title: 'Book a visit',
  other: 'Español',
  back: 'Back',
  next: 'Continue',
  problem: 'There is a problem',
  closed: 'This clinic does not take bookings online. Please call.',
  before: 'Have you been to this clinic before?',
  beforeNo: 'No, I am new here',
  beforeYes: 'Yes, I have been here',
  choose: 'Choose one',
  kind: 'What kind of visit do you need?',
  minutes: (count: number) => `${count} minutes`,
  mode: { 'in-person': 'At the clinic', video: 'By video', telephone: 'By telephone' },
  waits: 'The clinic checks this booking first and then writes to you.',
  time: 'Choose a time',
  clock: (place: string) => `All times are ${place} time.`,
  own: (place: string, time: string) => `${place} time; ${time} where you are`,
  none: 'There is no open time now. Please call the clinic.',
  later: 'Show later times',
  cutoff: (words: string) => `You can move or cancel this visit yourself until ${words} before it.`,
  anytime: 'You can move or cancel this visit yourself until it begins.',
  taken: 'Somebody took that time a moment ago. Choose another.',
  kept: 'We keep this time for you',
  left: (clock: string) => `${clock} left`,
  soon: 'One minute left. Press a key or touch the screen to keep your time.',
  over: 'This time is no longer kept for you',
  overText: 'You did not lose what you wrote. Choose a time again and go on.',
  again: 'Choose a time',
  name: 'What is your name?',
  given: 'Given name',
  family: 'Family name',
  nameMissing: { given: 'Enter your given name', family: 'Enter your family name' },
  born: 'When were you born?',
  bornHint: 'For example, 27 3 1985',
  day: 'Day',
  month: 'Month',
  year: 'Year',
  bornWrong: 'Enter a real date that is over, such as 27 3 1985',
  contact: 'Where can we write to you?',
  contactWhy:
    'We send a code there now, and the confirmation and reminders later. Messages never say why you come.',
  email: 'E-mail address',
  emailWrong: 'Enter an e-mail address, such as name@example.com',
  optional: 'You can leave this out.',
  none_of: 'None',
  answerMissing: 'Write an answer to go on',
  phoneWrong: 'Enter a telephone number, such as +1 207 555 0107',
  question: (at: number, of: number) => `Question ${at} of ${of}`,
  agree: 'Check and agree',
  agreeMissing: 'Agree to this to go on',
  iAgree: 'I agree',
  who: 'Who',
  when: 'When',
  where: 'Where',
  what: 'What',
  with: 'With',
  bring: 'Before you come',
  code: 'Enter the code we sent you',
  codeSent: (email: string) => `We sent a code of six digits to ${email}. It holds for 15 minutes.`,
  codeShown: (code: string) =>
    `This is a clinic with invented patients: no mail leaves it. Your code is ${code}.`,
  codeLabel: 'Code',
  codeWrong: 'Enter the six digits of the code',
  codeAgain: 'Send a new code',
  confirm: 'Confirm the visit',
  trying: 'The connection was lost. Trying again: your visit will be booked once.',
  done: 'Your visit is booked',
  doneWaits: 'We have your booking',
  doneText: (email: string) => `We also write to ${email}.`,
  until: (text: string) => `You can move or cancel it with the link in our message until ${text}.`,
  calendar: 'Add to calendar',
  another: 'Book another visit',
  hours: (count: number) => (count === 1 ? '1 hour' : `${count} hours`),
  days: (count: number) => (count === 1 ? '1 day' : `${count} days`),
  mins: (count: number) => `${count} minutes`,
}

type Words = typeof en

const es: Words = {
  title: 'Pedir cita',
  other: 'English',
  back: 'Atrás',
  next: 'Continuar',
  problem: 'Hay un problema',
  closed: 'Esta clínica no da citas por internet. Por favor, llame.',
  before: '¿Ha venido antes a esta clínica?',
  beforeNo: 'No, es la primera vez',
  beforeYes: 'Sí, ya he venido',
  choose: 'Elija una opción',
  kind: '¿Qué tipo de cita necesita?',
  minutes: (count) => `${count} minutos`,
  mode: { 'in-person': 'En la clínica', video: 'Por video', telephone: 'Por teléfono' },
  waits: 'La clínica revisa primero esta cita y después le escribe.',
  time: 'Elija una hora',
  clock: (place) => `Todas las horas son de ${place}.`,
  own: (place, time) => `Hora de ${place}; ${time} donde está usted`,
  none: 'Ahora no hay horas libres. Por favor, llame a la clínica.',
  later: 'Ver horas más tarde',
  cutoff: (words) => `Puede cambiar o anular esta cita hasta ${words} antes.`,
  anytime: 'Puede cambiar o anular esta cita hasta que empiece.',
  taken: 'Alguien acaba de tomar esa hora. Elija otra.',
  kept: 'Le guardamos esta hora',
  left: (clock) => `quedan ${clock}`,
  soon: 'Queda un minuto. Pulse una tecla o toque la pantalla para conservar su hora.',
  over: 'Ya no le guardamos esta hora',
  overText: 'No ha perdido lo que escribió. Elija otra vez una hora y siga.',
  again: 'Elegir una hora',
  name: '¿Cómo se llama?',
  given: 'Nombre',
  family: 'Apellidos',
  nameMissing: { given: 'Escriba su nombre', family: 'Escriba sus apellidos' },
  born: '¿Cuándo nació?',
  bornHint: 'Por ejemplo, 27 3 1985',
  day: 'Día',
  month: 'Mes',
  year: 'Año',
  bornWrong: 'Escriba una fecha real y pasada, como 27 3 1985',
  contact: '¿Dónde podemos escribirle?',
  contactWhy:
    'Ahora enviamos ahí un código; después, la confirmación y los avisos. Nunca dicen por qué viene.',
  email: 'Correo electrónico',
  emailWrong: 'Escriba un correo electrónico, como nombre@example.com',
  optional: 'Puede dejarlo en blanco.',
  none_of: 'Ninguno',
  answerMissing: 'Escriba una respuesta para seguir',
  phoneWrong: 'Escriba un número de teléfono, como +1 207 555 0107',
  question: (at, of) => `Pregunta ${at} de ${of}`,
  agree: 'Revise y acepte',
  agreeMissing: 'Acepte esto para seguir',
  iAgree: 'Acepto',
  who: 'Quién',
  when: 'Cuándo',
  where: 'Dónde',
  what: 'Qué',
  with: 'Con',
  bring: 'Antes de venir',
  code: 'Escriba el código que le enviamos',
  codeSent: (email) => `Enviamos un código de seis cifras a ${email}. Vale durante 15 minutos.`,
  codeShown: (code) =>
    `Esta clínica tiene pacientes inventados: no sale ningún correo. Su código es ${code}.`,
  codeLabel: 'Código',
  codeWrong: 'Escriba las seis cifras del código',
  codeAgain: 'Enviar otro código',
  confirm: 'Confirmar la cita',
  trying: 'Se perdió la conexión. Lo intentamos otra vez: la cita se reserva una sola vez.',
  done: 'Su cita está reservada',
  doneWaits: 'Tenemos su solicitud',
  doneText: (email) => `También le escribimos a ${email}.`,
  until: (text) => `Puede cambiarla o anularla con el enlace de nuestro mensaje hasta: ${text}.`,
  calendar: 'Añadir al calendario',
  another: 'Pedir otra cita',
  hours: (count) => (count === 1 ? '1 hora' : `${count} horas`),
  days: (count) => (count === 1 ? '1 día' : `${count} días`),
  mins: (count) => `${count} minutos`,
}

const all: Record<Language, Words> = { en, es }

/** The words in a language. */
export function wordsIn(language: Language): Words {
  return all[language]
}

export type BookingWords = Words

/** A stretch of minutes as people say it: `2 hours`. */
export function stretch(minutes: number, words: Words): string {
  if (minutes % 1440 === 0) return words.days(minutes / 1440)
  if (minutes % 60 === 0) return words.hours(minutes / 60)
  return words.mins(minutes)
}

/** The language of this browser, as far as it is one of ours. */
export function languageOf(asked: string | undefined): Language {
  const tag = asked ?? navigator.language
  return tag.toLowerCase().startsWith('es') ? 'es' : 'en'
}
