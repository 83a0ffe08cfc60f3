// Written by contracts/build.ts.
/** ABI of the contract `Claims`. */
export const claimsAbi = [
  {
    "inputs": [
      {
        "name": "registry_",
        "type": "address"
      },
      {
        "name": "settlement_",
        "type": "address"
      },
      {
        "name": "term_",
        "type": "uint32"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "AccountTells",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "AmountExceeded",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "AuthorisationInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ClaimInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ClaimKnown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ClaimUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DisputantInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GasTooLow",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InsurerInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LengthsDiffer",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LotInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "OutcomeInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyIsSuspended",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "PartyUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "QuorumMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SeatMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignatureInvalid",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "SignersUnordered",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "StateUnfit",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "StepUnexpected",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "TermLapsed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "TermRuns",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "TreatmentClaimed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "VerifierInvalid",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "outcome",
        "type": "uint8"
      },
      {
        "indexed": false,
        "name": "amount",
        "type": "uint48"
      },
      {
        "indexed": false,
        "name": "lotHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "termsHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "due",
        "type": "uint40"
      }
    ],
    "name": "ClaimDecided",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "party",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "lot",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "termsHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "due",
        "type": "uint40"
      }
    ],
    "name": "ClaimDisputed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "verifier",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "safe",
        "type": "bool"
      },
      {
        "indexed": false,
        "name": "drawn",
        "type": "uint8"
      },
      {
        "indexed": false,
        "name": "termsHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "state",
        "type": "uint8"
      },
      {
        "indexed": false,
        "name": "due",
        "type": "uint40"
      }
    ],
    "name": "ClaimJudged",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "state",
        "type": "uint8"
      },
      {
        "indexed": false,
        "name": "due",
        "type": "uint40"
      }
    ],
    "name": "ClaimLapsed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "termsHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "due",
        "type": "uint40"
      }
    ],
    "name": "ClaimSupplemented",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      }
    ],
    "name": "ClaimWithdrawn",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "insurer",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "claimant",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "payee",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "amount",
        "type": "uint48"
      },
      {
        "indexed": false,
        "name": "total",
        "type": "uint48"
      },
      {
        "indexed": false,
        "name": "treatment",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "follows",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "authorisation",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "due",
        "type": "uint40"
      }
    ],
    "name": "Claimed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "claim",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "lot",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "due",
        "type": "uint40"
      }
    ],
    "name": "LotOpened",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "index",
        "type": "uint256"
      },
      {
        "indexed": false,
        "name": "reason",
        "type": "bytes4"
      }
    ],
    "name": "Refused",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "INSURER",
    "outputs": [
      {
        "name": "",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "LAST_PERSON",
    "outputs": [
      {
        "name": "",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "VERIFIER",
    "outputs": [
      {
        "name": "",
        "type": "uint8"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "WALLET_GAS",
    "outputs": [
      {
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "WALLET_SIGNATURE_SIZE",
    "outputs": [
      {
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "wallet",
        "type": "address"
      },
      {
        "name": "digest",
        "type": "bytes32"
      },
      {
        "name": "signature",
        "type": "bytes"
      }
    ],
    "name": "askWallet",
    "outputs": [
      {
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "claim",
        "type": "bytes32"
      }
    ],
    "name": "claimOf",
    "outputs": [
      {
        "components": [
          {
            "name": "state",
            "type": "uint8"
          },
          {
            "name": "byClaimant",
            "type": "bool"
          },
          {
            "name": "isSafe",
            "type": "bool"
          },
          {
            "name": "round",
            "type": "uint8"
          },
          {
            "name": "safeVotes",
            "type": "uint8"
          },
          {
            "name": "unsafeVotes",
            "type": "uint8"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "due",
            "type": "uint40"
          },
          {
            "name": "before",
            "type": "uint48"
          },
          {
            "name": "approved",
            "type": "uint48"
          }
        ],
        "name": "",
        "type": "tuple"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "claims",
        "type": "tuple[]"
      },
      {
        "components": [
          {
            "name": "claim",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "outcome",
            "type": "uint8"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "until",
            "type": "uint64"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "decide",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "claims",
        "type": "tuple[]"
      },
      {
        "components": [
          {
            "name": "claim",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "party",
            "type": "address"
          },
          {
            "name": "lot",
            "type": "bytes32"
          },
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      },
      {
        "name": "checks",
        "type": "bytes[][]"
      }
    ],
    "name": "dispute",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "domainSeparator",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "claims",
        "type": "tuple[]"
      },
      {
        "components": [
          {
            "name": "claim",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "verifier",
            "type": "address"
          },
          {
            "name": "safe",
            "type": "bool"
          },
          {
            "name": "drawn",
            "type": "uint8"
          },
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      },
      {
        "name": "checks",
        "type": "bytes[][]"
      }
    ],
    "name": "judge",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "claims",
        "type": "tuple[]"
      }
    ],
    "name": "lapse",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "networkId",
    "outputs": [
      {
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "treatment",
        "type": "bytes32"
      }
    ],
    "name": "newestOf",
    "outputs": [
      {
        "name": "digest",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "claims",
        "type": "tuple[]"
      },
      {
        "name": "lots",
        "type": "bytes32[]"
      }
    ],
    "name": "openLots",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "registry",
    "outputs": [
      {
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "settlement",
    "outputs": [
      {
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      },
      {
        "name": "checks",
        "type": "bytes[][]"
      }
    ],
    "name": "submit",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "claims",
        "type": "tuple[]"
      },
      {
        "components": [
          {
            "name": "claim",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      },
      {
        "name": "checks",
        "type": "bytes[][]"
      }
    ],
    "name": "supplement",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "term",
    "outputs": [
      {
        "name": "",
        "type": "uint32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "claimant",
            "type": "address"
          },
          {
            "name": "insurer",
            "type": "address"
          },
          {
            "name": "payee",
            "type": "address"
          },
          {
            "name": "amount",
            "type": "uint48"
          },
          {
            "name": "total",
            "type": "uint48"
          },
          {
            "name": "treatment",
            "type": "bytes32"
          },
          {
            "name": "follows",
            "type": "bytes32"
          },
          {
            "name": "authorisation",
            "type": "bytes32"
          },
          {
            "name": "lotHash",
            "type": "bytes32"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "claims",
        "type": "tuple[]"
      },
      {
        "components": [
          {
            "name": "claim",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "deadline",
            "type": "uint64"
          }
        ],
        "name": "requests",
        "type": "tuple[]"
      },
      {
        "name": "signatures",
        "type": "bytes[]"
      }
    ],
    "name": "withdraw",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  }
] as const;
