// Written by contracts/build.ts.
/** ABI of the contract `VitalRecords`. */
export const vitalRecordsAbi = [
  {
    "inputs": [
      {
        "name": "registry_",
        "type": "address"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [],
    "name": "DeadlinePassed",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DeathKnown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "GasTooLow",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "HandleUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "LengthsDiffer",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ObjectionLate",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "OrganisationAbsent",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "OrganisationsAlike",
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
    "name": "RegistrarMissing",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ReportKnown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "ReportUnknown",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "RoleUnfit",
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
    "name": "StepUnexpected",
    "type": "error"
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
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "what",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "report",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "confirmer",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "since",
        "type": "uint64"
      }
    ],
    "name": "VitalConfirmed",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "what",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "report",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "reporter",
        "type": "address"
      },
      {
        "indexed": false,
        "name": "reportedAt",
        "type": "uint64"
      }
    ],
    "name": "VitalReported",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "what",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "report",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "step",
        "type": "uint16"
      },
      {
        "indexed": false,
        "name": "undoing",
        "type": "bytes32"
      }
    ],
    "name": "VitalUndone",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "name": "handle",
        "type": "bytes32"
      },
      {
        "indexed": true,
        "name": "will",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "name": "number",
        "type": "uint16"
      }
    ],
    "name": "WillSet",
    "type": "event"
  },
  {
    "inputs": [],
    "name": "DOCTOR",
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
    "name": "OBJECTION_TERM",
    "outputs": [
      {
        "name": "",
        "type": "uint40"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "REGISTRAR",
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
        "components": [
          {
            "name": "what",
            "type": "string"
          },
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "report",
            "type": "bytes32"
          },
          {
            "name": "confirmer",
            "type": "address"
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
    "name": "confirm",
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
        "components": [
          {
            "name": "what",
            "type": "string"
          },
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "report",
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
    "name": "object",
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
    "inputs": [
      {
        "components": [
          {
            "name": "termsHash",
            "type": "bytes32"
          },
          {
            "name": "reporter",
            "type": "address"
          },
          {
            "name": "handle",
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
    "name": "reportBirths",
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
            "name": "reporter",
            "type": "address"
          },
          {
            "name": "handle",
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
    "name": "reportDeaths",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "what",
        "type": "bytes32"
      },
      {
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "reportOf",
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
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "number",
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
    "name": "setWill",
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
            "name": "what",
            "type": "string"
          },
          {
            "name": "handle",
            "type": "bytes32"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "report",
            "type": "bytes32"
          },
          {
            "name": "first",
            "type": "address"
          },
          {
            "name": "second",
            "type": "address"
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
        "type": "bytes[2][]"
      }
    ],
    "name": "undo",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [
      {
        "name": "what",
        "type": "bytes32"
      },
      {
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "vitalOf",
    "outputs": [
      {
        "components": [
          {
            "name": "reporter",
            "type": "address"
          },
          {
            "name": "since",
            "type": "uint40"
          },
          {
            "name": "step",
            "type": "uint16"
          },
          {
            "name": "stage",
            "type": "uint8"
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
        "name": "handle",
        "type": "bytes32"
      }
    ],
    "name": "willOf",
    "outputs": [
      {
        "name": "will",
        "type": "bytes32"
      },
      {
        "name": "number",
        "type": "uint16"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
