// What a woman reads on her own phone, in the language of her phone. The rest of the page is in English.

const WORDS = {
  az: {
    placeholder: 'Mesaj', start: 'BAŞLA', unblock: 'BLOKDAN ÇIXAR', menu: 'Menyu', send: 'Göndər', attach: 'Əlavə et',
    keyboard: 'Düymələri göstər', edited: 'düzəliş edilib', about: 'Bu bot nə edə bilər?', photo: 'Şəkil',
    voice: 'Səsli mesaj', sticker: 'Stiker', location: 'Məkan', contact: 'Kontakt', venue: 'Məkan', document: 'Fayl',
    share: 'Telefon nömrəniz bota göndərilsin?', shareNote: 'Bot nömrənizi görəcək.', yes: 'Göndər', no: 'Ləğv et',
    edit: 'Düzəliş et', reply: 'Cavabla', copy: 'Kopyala', open: 'Keçid açılsın?', go: 'Aç', ok: 'Oldu', you: 'Siz',
    editing: 'Mesaja düzəliş', cancel: 'Ləğv et', blocked: 'Siz bu botu bloklamısınız.', actions: 'Mesajla əməllər',
    unread: 'Oxunmamış mesajlar', animation: 'GIF', video: 'Video', audio: 'Audio', poll: 'Sorğu',
  },
  ru: {
    placeholder: 'Сообщение', start: 'СТАРТ', unblock: 'РАЗБЛОКИРОВАТЬ', menu: 'Меню', send: 'Отправить',
    attach: 'Прикрепить', keyboard: 'Показать кнопки', edited: 'изменено', about: 'Что умеет этот бот?',
    photo: 'Фотография', voice: 'Голосовое сообщение', sticker: 'Стикер', location: 'Геопозиция', contact: 'Контакт',
    venue: 'Место', document: 'Файл', share: 'Отправить боту ваш номер телефона?', shareNote: 'Бот увидит ваш номер.',
    yes: 'Отправить', no: 'Отмена', edit: 'Изменить', reply: 'Ответить', copy: 'Копировать', open: 'Открыть ссылку?',
    go: 'Открыть', ok: 'OK', you: 'Вы', editing: 'Редактирование', cancel: 'Отмена', blocked: 'Вы заблокировали бота.',
    actions: 'Действия с сообщением', unread: 'Непрочитанные сообщения', animation: 'GIF', video: 'Видео', audio: 'Аудио',
    poll: 'Опрос',
  },
  en: {
    placeholder: 'Message', start: 'START', unblock: 'UNBLOCK', menu: 'Menu', send: 'Send', attach: 'Attach',
    keyboard: 'Show the buttons', edited: 'edited', about: 'What can this bot do?', photo: 'Photo',
    voice: 'Voice message', sticker: 'Sticker', location: 'Location', contact: 'Contact', venue: 'Venue', document: 'File',
    share: 'Share your phone number with the bot?', shareNote: 'The bot will see your number.', yes: 'Share', no: 'Cancel',
    edit: 'Edit', reply: 'Reply', copy: 'Copy', open: 'Open this link?', go: 'Open', ok: 'OK', you: 'You',
    editing: 'Edit message', cancel: 'Cancel', blocked: 'You blocked this bot.', actions: 'Message actions',
    unread: 'Unread messages', animation: 'GIF', video: 'Video', audio: 'Audio', poll: 'Poll',
  },
};

/** The labels of her phone; a phone in another language, or in none we know of, shows the Azerbaijani ones. */
export function words(language) {
  return WORDS[(language ?? '').slice(0, 2)] ?? WORDS.az;
}
