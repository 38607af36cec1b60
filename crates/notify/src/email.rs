//! People by mail.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message as Mail, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::channel::{Channel, Outcome, Telling};
use crate::message::Message;
use crate::settings::{EmailSettings, EmailTls};

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Email {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Email {
    pub(crate) fn open(settings: &EmailSettings) -> Result<Self, String> {
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let host = &settings.host;
        let builder = match settings.tls {
            EmailTls::Always => Transport::relay(host).map_err(|e| words::chain(&e))?,
            EmailTls::StartTls => Transport::starttls_relay(host).map_err(|e| words::chain(&e))?,
            EmailTls::Off => Transport::builder_dangerous(host),
        };
        let mut builder = builder.port(settings.port).timeout(Some(PATIENCE));
        if !settings.user.is_empty() {
            let password = settings.password.expose().to_owned();
            builder = builder.credentials(Credentials::new(settings.user.clone(), password));
        }
        let address = |text: &String| -> Result<Mailbox, String> {
            text.parse()
                .map_err(|_| format!("{text:?} is no mail address"))
        };
        Ok(Self {
            transport: builder.build(),
            from: address(&settings.from)?,
            to: settings.to.iter().map(address).collect::<Result<_, _>>()?,
        })
    }

    fn mail(&self, message: &Message) -> Result<Mail, lettre::error::Error> {
        let mut mail = Mail::builder()
            .from(self.from.clone())
            .subject(message.title.clone());
        for to in &self.to {
            mail = mail.to(to.clone());
        }
        let text = SinglePart::plain(message.plain());
        let jpeg = ContentType::parse("image/jpeg").ok();
        match (&message.picture, jpeg) {
            (Some(picture), Some(kind)) => {
                let photo = Attachment::new("photo.jpg".to_owned()).body(picture.clone(), kind);
                mail.multipart(MultiPart::mixed().singlepart(text).singlepart(photo))
            }
            _ => mail.singlepart(text),
        }
    }
}

impl Channel for Email {
    fn tell<'a>(&'a self, message: &'a Message) -> Telling<'a> {
        Box::pin(async {
            let mail = match self.mail(message) {
                Ok(mail) => mail,
                Err(error) => return Outcome::Refused(words::chain(&error)),
            };
            match self.transport.send(mail).await {
                Ok(_) => Outcome::Taken,
                // 53x are about our log-in, which a person mends: the mail is still wanted then.
                Err(error) => {
                    let code = error.status().map(|code| code.to_string());
                    let log_in = code.is_some_and(|code| code.starts_with("53"));
                    let words = words::chain(&error);
                    if error.is_permanent() && !log_in {
                        Outcome::Refused(words)
                    } else {
                        Outcome::Failed(words)
                    }
                }
            }
        })
    }
}
