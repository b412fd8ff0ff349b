//! Commit and reveal (承诺与公开): a seed that nobody knows before, and everybody can check after.
//!
//! Each party publishes the [`commitment`] to a secret before the deadline, and reveals the secret at the meeting. Whoever
//! reveals last already knows the others' secrets, so a refusal voids the draw and is reported by name: nobody can
//! withdraw an unwelcome seed without being seen. A public value agreed beforehand ([`super::beacon`], a lottery issue)
//! keeps even a party that is alone from choosing its secret.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// Bytes of a secret.
pub const SECRET_BYTES: usize = 32;

/// What a party publishes: SHA-256 of `bihuan-commit-v1|` followed by the 32 bytes of its secret.
#[must_use]
pub fn commitment(secret: &[u8; SECRET_BYTES]) -> Digest {
    Digest::of(&[b"bihuan-commit-v1|", secret])
}

/// The seed: SHA-256 of `bihuan-draw-v1`, the 32 bytes of the secret, the 32 bytes of the frame's digest, and the public
/// value in UTF-8. Used in its hexadecimal form.
#[must_use]
pub fn seed(secret: &[u8; SECRET_BYTES], frame_sha256: Digest, public_value: &str) -> Digest {
    Digest::of(&[b"bihuan-draw-v1", secret, &frame_sha256.0, public_value.as_bytes()])
}

/// A party of the ceremony (参与方).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Who it is.
    pub name: String,
    /// What it published before the deadline.
    pub commitment: Digest,
    /// What it revealed, as 64 hexadecimal digits; left out by a party that refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Digest>,
}

/// Everything that was published for one draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    /// The parties, in any order.
    pub parties: Vec<Party>,
    /// The number of the meeting, the value of a beacon, the issue of a lottery: whatever was agreed beforehand.
    #[serde(default)]
    pub public_value: String,
}

/// Why a ceremony gives no seed. The draw is void, and this is what the record says of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    /// Nobody takes part.
    #[error("nobody takes part in the draw")]
    Nobody,
    /// Two parties of one name.
    #[error("{0} stands among the parties twice")]
    Twice(String),
    /// These refused to reveal.
    #[error("the draw is void: {} did not reveal", .0.join(", "))]
    Refused(Vec<String>),
    /// These revealed something else than they had committed to.
    #[error("the draw is void: what {} revealed is not what was committed to", .0.join(", "))]
    Broken(Vec<String>),
}

impl Void {
    /// The same in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Void::Nobody => "没有参与方".to_owned(),
            Void::Twice(name) => format!("参与方中{name}出现两次"),
            Void::Refused(names) => format!("抽签作废:{}没有公开秘密值", names.join("、")),
            Void::Broken(names) => format!("抽签作废:{}公开的秘密值与承诺不符", names.join("、")),
        }
    }
}

impl Ceremony {
    /// The seed that follows from what all revealed.
    ///
    /// The secret of a single party is used as it is. Of several, sorted by the bytes of their names, the joint secret is
    /// SHA-256 of `bihuan-parties-v1|` followed for each by the 32 bytes of SHA-256 of its name and its secret.
    ///
    /// # Errors
    /// [`Void`], naming who is to blame.
    pub fn seed(&self, frame_sha256: Digest) -> Result<Digest, Void> {
        let mut parties: Vec<&Party> = self.parties.iter().collect();
        parties.sort_by(|one, other| one.name.as_bytes().cmp(other.name.as_bytes()));
        if let Some(pair) = parties.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(Void::Twice(pair[0].name.clone()));
        }
        let (mut secrets, mut refused, mut broken) = (Vec::new(), Vec::new(), Vec::new());
        for party in &parties {
            match party.secret {
                None => refused.push(party.name.clone()),
                Some(secret) if commitment(&secret.0) != party.commitment => {
                    broken.push(party.name.clone());
                }
                Some(secret) => secrets.push(secret),
            }
        }
        if !refused.is_empty() {
            return Err(Void::Refused(refused));
        }
        if !broken.is_empty() {
            return Err(Void::Broken(broken));
        }
        let joint = match secrets.as_slice() {
            [] => return Err(Void::Nobody),
            [alone] => *alone,
            several => {
                let mut bytes = b"bihuan-parties-v1|".to_vec();
                for (party, secret) in parties.iter().zip(several) {
                    bytes.extend(Digest::of_text(&party.name).0);
                    bytes.extend(secret.0);
                }
                Digest::of(&[&bytes])
            }
        };
        Ok(seed(&joint.0, frame_sha256, &self.public_value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: &str, byte: u8) -> Party {
        let secret = [byte; 32];
        Party { name: name.to_owned(), commitment: commitment(&secret), secret: Some(Digest(secret)) }
    }

    #[test]
    fn the_commitment_to_the_bytes_0_to_31_is_that_of_the_handbook() {
        let secret: [u8; 32] = std::array::from_fn(|at| at as u8);
        let expected = "01d92e394062afcd702ec40048b8663b7008e7f3ebaf443b6966a95e848cf838";
        assert_eq!(commitment(&secret).to_string(), expected);
    }

    #[test]
    fn every_secret_the_frame_and_the_public_value_change_the_seed_but_the_order_of_the_parties_does_not() {
        let frame = Digest::of_text("frame");
        let ceremony = Ceremony {
            parties: vec![party("环委办", 1), party("区督查办", 2), party("汇龙镇", 3)],
            public_value: "第7次会议".to_owned(),
        };
        let first = ceremony.seed(frame).unwrap();
        let mut turned = ceremony.clone();
        turned.parties.reverse();
        assert_eq!(turned.seed(frame).unwrap(), first);
        for at in 0..3 {
            let mut changed = ceremony.clone();
            changed.parties[at] = party(&changed.parties[at].name, 9);
            assert_ne!(changed.seed(frame).unwrap(), first);
        }
        assert_ne!(ceremony.seed(Digest::of_text("another frame")).unwrap(), first);
        let later = Ceremony { public_value: "第8次会议".to_owned(), ..ceremony };
        assert_ne!(later.seed(frame).unwrap(), first);
    }

    #[test]
    fn a_single_party_gives_the_plain_seed() {
        let frame = Digest::of_text("frame");
        let alone = Ceremony { parties: vec![party("环委办", 5)], public_value: "x".to_owned() };
        assert_eq!(alone.seed(frame), Ok(seed(&[5; 32], frame, "x")));
    }

    #[test]
    fn a_refusal_or_another_secret_voids_the_draw_by_name() {
        let mut ceremony =
            Ceremony { parties: vec![party("甲", 1), party("乙", 2)], public_value: String::new() };
        ceremony.parties[0].secret = Some(Digest([7; 32]));
        assert_eq!(ceremony.seed(Digest([0; 32])), Err(Void::Broken(vec!["甲".to_owned()])));
        ceremony.parties[1].secret = None;
        assert_eq!(ceremony.seed(Digest([0; 32])), Err(Void::Refused(vec!["乙".to_owned()])));
        ceremony.parties[1] = party("甲", 3);
        assert_eq!(ceremony.seed(Digest([0; 32])), Err(Void::Twice("甲".to_owned())));
        assert_eq!(
            Ceremony { parties: Vec::new(), public_value: String::new() }.seed(Digest([0; 32])),
            Err(Void::Nobody)
        );
    }
}
